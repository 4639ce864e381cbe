using Grains.Testing;
using Grains.Testing.HBase;
using HBase.Client;
using Xunit;

namespace Grains.Tests.Server.HBase;

/// <summary>
/// A real HBase for all tests of the collection: the one that <c>HBASE_MASTERS</c> names, or ZooKeeper, master and two region servers started from <c>../shared/servers/hbase</c>. Where there is neither,
/// tests are skipped; with <c>CI=true</c> they fail.
/// </summary>
public sealed class RealHBase : IAsyncLifetime
{
    private LocalHBase? _local;

    /// <summary>The masters; null where there is no HBase.</summary>
    public string? Masters { get; private set; }

    /// <summary>The servers, to be killed; skips the test where they are not ours.</summary>
    public LocalHBase Local
    {
        get
        {
            BesideRepository.Require(_local is not null, "the HBase that HBASE_MASTERS names has no official client and no processes to kill here");
            return _local!;
        }
    }

    /// <summary>A client of it; skips the test where there is none.</summary>
    public HBaseClient Connect(Action<HBaseClientOptions>? configure = null)
    {
        BesideRepository.Require(Masters is not null, "HBASE_MASTERS is not set, and ../shared/servers/hbase or java is not there");
        var options = new HBaseClientOptions { Masters = Masters! };
        configure?.Invoke(options);
        return new HBaseClient(options);
    }

    /// <summary>Runs a verb of the server's script (<c>tool</c>, <c>kill</c>, <c>revive</c>); skips the test where the server is not ours.</summary>
    public Task<string> RunAsync(string verb, params string[] arguments) => Local.RunAsync(verb, arguments);

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
        if (!string.IsNullOrEmpty(Masters)) return;

        Masters = null;
        if (!LocalHBase.IsAvailable) return;

        _local = await LocalHBase.StartAsync(2);
        Masters = _local.Masters;
    }

    public async ValueTask DisposeAsync()
    {
        if (_local is not null) await _local.DisposeAsync();
    }
}

/// <summary>All tests that share the server, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class RealHBaseCollection : ICollectionFixture<RealHBase>
{
    public const string Name = "a real HBase";
}
