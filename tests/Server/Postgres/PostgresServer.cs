using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Grains.Testing;
using Npgsql;
using Xunit;

namespace Grains.Tests.Server.Postgres;

/// <summary>
/// A real PostgreSQL for all tests of the collection: the one that <c>POSTGRES_CONNECTION</c> names, whose user may make databases, or a server of this machine's programs in a folder of its own, on loopback.
/// Where there is neither, tests are skipped; with <c>CI=true</c> they fail.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static int _lastDatabase;

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _databases = [];
    private string? _connection;
    private string? _programs;
    private int _port;

    /// <summary>A new empty database; skips the test where there is no server.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        BesideRepository.Require(_connection is not null, "POSTGRES_CONNECTION is not set, and /usr/lib/postgresql has no programs (Debian's package postgresql has them)");
        var name = $"grains_{Environment.ProcessId}_{Interlocked.Increment(ref _lastDatabase)}";
        await ExecuteAsync(_connection!, $"CREATE DATABASE {name}");
        lock (_databases) _databases.Add(name);
        return new NpgsqlConnectionStringBuilder(_connection) { Database = name }.ConnectionString;
    }

    /// <summary>Ends the server as a machine that loses power would: connections break, with whatever is under way. Skips the test where the server is not ours.</summary>
    public Task StopAsync() => ControlAsync("stop", "-m", "immediate");

    /// <summary>Starts it again; it accepts connections when this returns.</summary>
    public Task StartAsync() => ControlAsync("start", "-l", Path.Combine(_folder.Path, "log"), "-o", $"-p {_port} -h 127.0.0.1 -k {_folder.Path} -F");

    /// <summary>Stops its processes where they are: connections stay, and nobody answers.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>Lets them go on.</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>Runs statements.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The one value that a statement answers.</summary>
    public static async Task<T> AskAsync<T>(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask InitializeAsync()
    {
        _connection = Environment.GetEnvironmentVariable("POSTGRES_CONNECTION") is { Length: > 0 } given ? given : null;
        var programs = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderBy(static version => version, StringComparer.Ordinal).LastOrDefault() : null;
        if (_connection is not null || programs is null) return;

        _programs = Path.Combine(programs, "bin");
        _port = FreePort();
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", "postgres", _folder.Path);
        await AsServerAsync("initdb", "-D", Data, "-U", "grains", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        await StartAsync();
        _connection = $"Host=127.0.0.1;Port={_port};Username=grains;Database=postgres";
    }

    public async ValueTask DisposeAsync()
    {
        if (_programs is not null) await AsServerAsync("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");
        else foreach (var name in _databases) await ExecuteAsync(_connection!, $"DROP DATABASE {name} WITH (FORCE)");
        _folder.Dispose();
    }

    private string Data => Path.Combine(_folder.Path, "data");

    private async Task ControlAsync(string verb, params string[] arguments)
    {
        BesideRepository.Require(_programs is not null, "the PostgreSQL that POSTGRES_CONNECTION names is not ours to stop");
        await AsServerAsync("pg_ctl", ["-D", Data, "-w", .. arguments, verb]);
    }

    private async Task SignalAsync(string signal)
    {
        BesideRepository.Require(_programs is not null, "the PostgreSQL that POSTGRES_CONNECTION names is not ours to stop");
        var postmaster = (await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0];
        var children = await File.ReadAllTextAsync($"/proc/{postmaster}/task/{postmaster}/children");
        await RunAsync("kill", [$"-{signal}", postmaster, .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
    }

    // PostgreSQL refuses to run as root.
    private Task AsServerAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs!, program);
        return Environment.IsPrivilegedProcess ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments]) : RunAsync(path, arguments);
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        // Output goes to a file and not to a pipe: the server would keep the pipe open.
        var output = Path.Combine(_folder.Path, "output");
        var line = string.Join(' ', new[] { program }.Concat(arguments).Select(static argument => $"'{argument}'"));
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", $"{line} >'{output}' 2>&1"]) { WorkingDirectory = _folder.Path })!;
        using var limit = new CancellationTokenSource(Limit);
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{line} ended with {process.ExitCode}: {await File.ReadAllTextAsync(output, limit.Token)}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>All tests that share the server, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresServer>
{
    public const string Name = "a real PostgreSQL";
}
