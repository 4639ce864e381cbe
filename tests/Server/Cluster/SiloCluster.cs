using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Grains.Testing;
using Grains.Tests.Server.Embedded;
using Xunit;

namespace Grains.Tests.Server.Cluster;

/// <summary>Silos that read one topic as one group and keep their state in one database, each a process of its own.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly TemporaryFolder _folder = new();
    private readonly string[] _arguments;
    private readonly List<ClusterNode> _nodes = [];

    /// <param name="bootstrap">The brokers.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="arguments">Where the state is kept, and what else the silos are told.</param>
    public SiloCluster(string bootstrap, string topic, params string[] arguments) =>
        _arguments = ["--kafka", bootstrap, "--topic", topic, "--group", topic, "--http", "0", .. Workload.Options, .. arguments];

    public IReadOnlyList<ClusterNode> Nodes => _nodes;

    /// <summary>Adds a silo that does not run yet.</summary>
    public ClusterNode Add()
    {
        var name = $"silo-{_nodes.Count + 1}";
        var node = new ClusterNode(name, _folder.Path, [.. _arguments, "--name", name, "--set", $"Cluster:Port={FreePort()}"]);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Starts silos, and waits until they are one cluster.</summary>
    public async Task StartAsync(int silos)
    {
        for (var i = 0; i < silos; i++) await Add().StartAsync();
        await WaitUntilAsync(TimeSpan.FromMinutes(2), status => status.GetProperty("silos").GetInt32() == silos && status.GetProperty("missingSilos").GetInt32() == 0);
    }

    /// <summary>Waits until so many records are read and durable, by what the cluster says of itself.</summary>
    public Task WaitUntilDurableAsync(long records, TimeSpan limit) => WaitUntilAsync(limit, status =>
    {
        if (status.GetProperty("missingSilos").GetInt32() > 0) return false;

        var partitions = status.GetProperty("partitions").EnumerateArray().ToList();
        return partitions.Sum(partition => partition.GetProperty("durable").GetInt64()) == records
            && partitions.Select(partition => partition.GetProperty("partition").GetInt32()).Distinct().Count() == partitions.Count;
    });

    /// <summary>Asks a silo that answers.</summary>
    public async Task<string> GetAsync(string path)
    {
        Exception? last = null;
        foreach (var node in _nodes)
        {
            try
            {
                if (await node.ApiAsync() is { } api) return await api.GetAsync(path);
            }
            catch (Exception failure) when (failure is HttpRequestException or TimeoutException or TaskCanceledException)
            {
                last = failure;
            }
        }

        throw new HttpRequestException($"No silo answers {path}: {last?.Message}\n{LastWords()}", last);
    }

    /// <summary>Every number, as lines sorted like the oracle's.</summary>
    public async Task<byte[]> ExportAsync() => ExportCheck.Sort(await GetAsync("/v1/export"));

    /// <summary>The last that each process has said, for a test that has failed.</summary>
    public string LastWords(int lines = 40) => string.Join('\n', _nodes.SelectMany(node => node.Logs.Select((log, i) => $"--- {node.Name}, process {i + 1}\n{string.Join('\n', log.Split('\n').TakeLast(lines))}")));

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed) TestContext.Current.TestOutputHelper?.WriteLine(LastWords());
        foreach (var node in _nodes) await node.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Waits until the status of the cluster is enough. Silos that have died are started again.</summary>
    public async Task WaitUntilAsync(TimeSpan limit, Func<JsonElement, bool> enough)
    {
        var said = "";
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(Look, TimeProvider.System, TestContext.Current.CancellationToken))
        {
            foreach (var node in _nodes.Where(node => node is { Process: null, Left: false })) await node.StartAsync();
            try
            {
                said = await GetAsync("/v1/status");
                using var status = JsonDocument.Parse(said);
                if (enough(status.RootElement)) return;
            }
            catch (HttpRequestException failure)
            {
                said = failure.Message;
            }

            if (Stopwatch.GetElapsedTime(began) > limit) throw new TimeoutException($"Not within {limit}; the cluster says {said}\n{LastWords()}");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
