using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Grains.Testing;
using HBase.Client;
using Xunit;

namespace Grains.Tests.Server.HBase;

/// <summary>
/// A real HBase for all tests of the collection: the one that <c>HBASE_MASTERS</c> names, or ZooKeeper, master and two region servers started from <c>../shared/servers/hbase</c>. Where there is neither,
/// tests are skipped; with <c>CI=true</c> they fail.
/// </summary>
public sealed class RealHBase : IAsyncLifetime
{
    private const int FirstPort = 36_100;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(150);

    private readonly TemporaryFolder _folder = new();
    private string? _script;

    /// <summary>The masters; null where there is no HBase.</summary>
    public string? Masters { get; private set; }

    /// <summary>A client of it; skips the test where there is none.</summary>
    public HBaseClient Connect(Action<HBaseClientOptions>? configure = null)
    {
        BesideRepository.Require(Masters is not null, "HBASE_MASTERS is not set, and ../shared/servers/hbase or java is not there");
        var options = new HBaseClientOptions { Masters = Masters! };
        configure?.Invoke(options);
        return new HBaseClient(options);
    }

    /// <summary>Runs a verb of the server's script (<c>tool</c>, <c>kill</c>, <c>revive</c>); skips the test where the server is not ours.</summary>
    public async Task<string> RunAsync(string verb, params string[] arguments)
    {
        BesideRepository.Require(_script is not null, "the HBase that HBASE_MASTERS names has no official client and no processes to kill here");
        return await ExecuteAsync(verb, [_folder.Path, .. arguments]);
    }

    /// <summary>A new table with the families f and g.</summary>
    public static async Task<HBaseTable> MakeTableAsync(HBaseClient client, string name, params string[] splits)
    {
        if (await client.Admin.GetTableStateAsync(name) != TableState.Absent)
        {
            await client.Admin.DisableTableAsync(name);
            await client.Admin.DeleteTableAsync(name);
        }

        await client.Admin.CreateTableAsync(new TableDescriptor(name, new ColumnFamilyDescriptor("f"), new ColumnFamilyDescriptor("g")), [.. splits.Select(HBaseBytes.Utf8)]);
        return client.GetTable(name);
    }

    public async ValueTask InitializeAsync()
    {
        Masters = Environment.GetEnvironmentVariable("HBASE_MASTERS");
        var script = Path.GetFullPath(Path.Combine(BesideRepository.Root, "..", "shared", "servers", "hbase", "server"));
        var hasJava = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "java")));
        if (!string.IsNullOrEmpty(Masters) || !File.Exists(script) || !hasJava) return;

        _script = script;
        var port = FreePort();
        await ExecuteAsync("start", [_folder.Path, "--regionservers", "2", "--port", $"{port}"]);
        Masters = $"localhost:{port}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_script is not null) await ExecuteAsync("stop", [_folder.Path]);
        _folder.Dispose();
    }

    private async Task<string> ExecuteAsync(string verb, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(_script!, [verb, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(StartLimit);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"hbase/server {verb} ended with {process.ExitCode}: {await errors}");
    }

    // The script takes a port and those close behind it.
    private static int FreePort()
    {
        for (var port = FirstPort; port < FirstPort + 5000; port += 50)
        {
            try
            {
                foreach (var offset in (int[])[0, 5, 20, 21])
                {
                    using var listener = new TcpListener(IPAddress.Loopback, port + offset);
                    listener.Start();
                }

                return port;
            }
            catch (SocketException)
            {
                // Taken; the next.
            }
        }

        throw new InvalidOperationException("No free port.");
    }
}

/// <summary>All tests that share the server, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class RealHBaseCollection : ICollectionFixture<RealHBase>
{
    public const string Name = "a real HBase";
}
