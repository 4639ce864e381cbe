using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HBase.Client;

namespace Grains.Testing.HBase;

/// <summary>A real HBase on this machine, started from <c>../shared/servers/hbase</c>: ZooKeeper, a master and region servers, each a process that can be killed. Stopped, and its data gone, when disposed of.</summary>
public sealed class LocalHBase : IAsyncDisposable
{
    private const int FirstPort = 41_000;
    private const int LastPort = 45_900;
    private const int PortsEach = 50;
    private const int FirstRegionServer = 20;

    // A region server that opened a region while the master was away tries at once and often to tell it, and every time doubles the pause that it makes when the new master then says "please hold": up to
    // 200 times this, by default 1 s. So long the region is opened and not served.
    private const string ShortPause = "hbase.rpc.shortoperation.retry.pause.time=50";

    // The master writes to hbase:meta with this patience, by default a minute. Where a stopped server has that table, nothing is assigned to another before.
    private const string ShortCalls = "hbase.rpc.timeout=5000";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);
    private static readonly string Script = Path.GetFullPath(Path.Combine(BesideRepository.Root, "..", "shared", "servers", "hbase", "server"));

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort();

    private LocalHBase(int regionServers) => RegionServers = regionServers;

    /// <summary>Whether this machine has what it takes: the start script and Java.</summary>
    public static bool IsAvailable =>
        File.Exists(Script) && Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "java")));

    /// <summary>How many region servers it has, <c>rs-1</c> and on.</summary>
    public int RegionServers { get; }

    /// <summary>Its master, <c>host:port</c>.</summary>
    public string Masters => $"localhost:{_port}";

    /// <summary>Where a region server listens, <c>rs-1</c> and on.</summary>
    public HBaseEndpoint EndpointOf(string regionServer) => new("localhost", _port + FirstRegionServer - 1 + int.Parse(regionServer["rs-".Length..], CultureInfo.InvariantCulture));

    /// <summary>Starts one.</summary>
    /// <param name="regionServers">How many region servers.</param>
    /// <param name="settings">Properties of hbase-site.xml, <c>key=value</c>.</param>
    public static async Task<LocalHBase> StartAsync(int regionServers, params string[] settings)
    {
        var server = new LocalHBase(regionServers);
        try
        {
            await server.RunAsync("start", ["--regionservers", $"{regionServers}", "--port", $"{server._port}", .. settings.Append(ShortPause).Append(ShortCalls).SelectMany(static setting => new[] { "--set", setting })]);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a verb of the script: <c>tool</c> (the official Java client), <c>kill</c>, <c>pause</c>, <c>resume</c>, <c>revive</c>, <c>start</c> (revives all).</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> RunAsync(string verb, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Script, [verb, _folder.Path, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(Limit);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"hbase/server {verb} ended with {process.ExitCode}: {await errors}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await RunAsync("stop");
        _folder.Dispose();
    }

    // The script takes a port and those close behind it.
    private static int FreePort()
    {
        for (var port = FirstPort; port < LastPort; port += PortsEach)
        {
            try
            {
                foreach (var offset in (int[])[0, 5, FirstRegionServer, FirstRegionServer + 1])
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
