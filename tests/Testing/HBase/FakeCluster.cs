using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HBase.Client;

namespace Grains.Testing.HBase;

/// <summary>An HBase in this process that speaks the protocol on loopback: some region servers (the first is the master too), tables with regions, and scripted faults.</summary>
/// <remarks>Rows stand in memory and outlive their servers, as files in HDFS do. One lock serves everything: a test looks for what the client does, not for speed.</remarks>
public sealed class FakeCluster : IAsyncDisposable
{
    private readonly FakeServer[] _servers;
    private readonly ConcurrentQueue<FakeRequest> _requests = new();
    private long _now = 1_000_000;
    private long _regionId = 1;
    private int _requestCount;

    /// <param name="servers">Number of region servers.</param>
    public FakeCluster(int servers = 2)
    {
        _servers = [.. Enumerable.Range(0, servers).Select(index => new FakeServer(this, index))];
        foreach (var server in _servers) server.Start();
    }

    /// <summary>The masters, as <see cref="HBaseClientOptions.Masters"/> takes them.</summary>
    public string Masters => Endpoint(0).ToString();

    /// <summary>Decides what goes wrong with a request; null: nothing. Called for every request, under the lock.</summary>
    public Func<FakeRequest, FakeFault?>? Script { get; set; }

    /// <summary>Whether results carry their cells in the message instead of a block behind it.</summary>
    public bool InlineCells { get; set; }

    /// <summary>Cells that a step of a scan returns at most, so that wide rows come in pieces; 0: no limit.</summary>
    public int CellsPerScanStep { get; set; }

    /// <summary>How many heartbeats without rows come before each step of a scan.</summary>
    public int Heartbeats { get; set; }

    /// <summary>How long scanners live without a call; what clients are told, nothing expires by itself.</summary>
    public int ScannerLeaseMilliseconds { get; set; } = 60_000;

    /// <summary>The Java class of the exception with which every connection is refused; null, the default: none is.</summary>
    public string? Refusal { get; set; }

    /// <summary>Subject of the certificate that the last client showed.</summary>
    public string? LastClientCertificate { get; internal set; }

    /// <summary>Gets every frame that is answered, its length included, before anything goes wrong with it.</summary>
    public Action<byte[]>? Tap { get; set; }

    /// <summary>What came, in order.</summary>
    public IReadOnlyList<FakeRequest> Requests => [.. _requests];

    internal Lock Gate { get; } = new();

    internal SslServerAuthenticationOptions? Tls { get; private set; }

    internal Dictionary<TableName, FakeTable> Tables { get; } = [];

    internal Dictionary<ulong, FakeScanner> Scanners { get; } = [];

    internal ulong LastScannerId { get; set; }

    /// <summary>Where a server listens.</summary>
    public HBaseEndpoint Endpoint(int server) => _servers[server].Endpoint;

    /// <summary>From now on connections are TLS ones, as HBase's are: from the first byte.</summary>
    public void Secure(X509Certificate2 certificate, bool requireClientCertificate) => Tls = new SslServerAuthenticationOptions
    {
        ServerCertificate = certificate,
        ClientCertificateRequired = requireClientCertificate,
        RemoteCertificateValidationCallback = (_, shown, _, _) =>
        {
            LastClientCertificate = shown?.Subject;
            return shown is not null || !requireClientCertificate;
        },
    };

    /// <summary>Makes a table; its regions go round the servers.</summary>
    public void CreateTable(TableName name, IReadOnlyList<string> families, params IReadOnlyList<string> splits)
    {
        lock (Gate)
        {
            CreateTable(name, families, [.. splits.Select(HBaseBytes.Utf8)]);
        }
    }

    /// <summary>Begins to make a table, as the master does it: it has a description and no regions yet.</summary>
    public void BeginTable(TableName name, params IReadOnlyList<string> families)
    {
        lock (Gate) Tables.Add(name, new FakeTable(name, families));
    }

    /// <summary>Gives a table that was begun its region.</summary>
    public void FinishTable(TableName name)
    {
        lock (Gate) AddRegions(Tables[name], []);
    }

    /// <summary>Moves the region of a row to another server. Clients find out by asking the old one.</summary>
    public void Move(TableName table, string row, int server)
    {
        lock (Gate) Tables[table].RegionOf(HBaseBytes.Utf8(row)).Move(server);
    }

    /// <summary>Splits the region of a row at the row; the upper half goes to a server.</summary>
    public void Split(TableName table, string row, int upperServer)
    {
        lock (Gate)
        {
            var key = HBaseBytes.Utf8(row);
            var regions = Tables[table].Regions;
            var parent = Tables[table].RegionOf(key);
            regions.Remove(parent);
            Tables[table].Parents.Add(parent);
            regions.Add(new FakeRegion(parent.Table, parent.StartKey, key, _regionId++, parent.Server));
            regions.Add(new FakeRegion(parent.Table, key, parent.EndKey, _regionId++, upperServer));
            Scanners.Clear();
        }
    }

    /// <summary>Closes a server's port and its connections. Its regions stay where they are until moved.</summary>
    public Task StopAsync(int server) => _servers[server].StopAsync();

    /// <summary>Opens a server's port again.</summary>
    public void Start(int server) => _servers[server].Start();

    /// <summary>Forgets all open scanners, as a restart or an expired lease does.</summary>
    public void ForgetScanners()
    {
        lock (Gate) Scanners.Clear();
    }

    /// <summary>The newest value of a column; null if there is none.</summary>
    public byte[]? Value(TableName table, string row, string family, string qualifier)
    {
        lock (Gate) return Tables[table].Rows.TryGetValue(HBaseBytes.Utf8(row), out var found) ? found.Newest(HBaseBytes.Utf8(family), HBaseBytes.Utf8(qualifier)) : null;
    }

    /// <summary>Scanners that clients have opened and neither finished nor closed.</summary>
    public int OpenScanners
    {
        get
        {
            lock (Gate) return Scanners.Count;
        }
    }

    /// <summary>Number of regions of a table.</summary>
    public int Regions(TableName table)
    {
        lock (Gate) return Tables[table].Regions.Count;
    }

    /// <summary>Number of rows of a table.</summary>
    public int CountRows(TableName table)
    {
        lock (Gate) return Tables[table].Rows.Values.Count(static row => !row.IsEmpty);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
    }

    internal void CreateTable(TableName name, IReadOnlyList<string> families, IReadOnlyList<byte[]> splits)
    {
        var table = new FakeTable(name, families);
        AddRegions(table, splits);
        Tables.Add(name, table);
    }

    private void AddRegions(FakeTable table, IReadOnlyList<byte[]> splits)
    {
        byte[][] borders = [[], .. splits, []];
        for (var i = 0; i + 1 < borders.Length; i++) table.Regions.Add(new FakeRegion(table, borders[i], borders[i + 1], _regionId++, i % _servers.Length));
    }

    internal long Tick() => ++_now;

    internal FakeFault? Admit(int server, string method, byte[] region)
    {
        var request = new FakeRequest(++_requestCount, server, method, Encoding.Latin1.GetString(region));
        _requests.Enqueue(request);
        return Script?.Invoke(request);
    }
}
