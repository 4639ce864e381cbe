using HBase.Client;

namespace Grains.Testing.HBase.Faults;

/// <summary>Moves the regions of a table from server to server, and splits one now and then, as far as the cluster is there to do it.</summary>
public sealed class RestlessRegions
{
    private const int MaxRegions = 24;
    private const int MovesASplit = 4;

    private readonly HBaseClient _client;
    private readonly TableName _table;
    private readonly Func<Random, byte[]> _drawRow;
    private readonly Random _random;
    private readonly TimeSpan _pause;
    private readonly TaskCompletionSource _ending = new();
    private readonly Task _running;

    /// <summary>Begins.</summary>
    /// <param name="client">Of the cluster.</param>
    /// <param name="table">The table.</param>
    /// <param name="drawRow">A row to split at.</param>
    /// <param name="seed">Of the choice of regions.</param>
    /// <param name="pause">Between two changes.</param>
    public RestlessRegions(HBaseClient client, TableName table, Func<Random, byte[]> drawRow, int seed, TimeSpan pause)
    {
        (_client, _table, _drawRow, _random, _pause) = (client, table, drawRow, new Random(seed), pause);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Regions moved so far.</summary>
    public int Moves { get; private set; }

    /// <summary>Regions split so far.</summary>
    public int Splits { get; private set; }

    /// <summary>Changes that were refused or failed, most of them because servers were away.</summary>
    public int Refused { get; private set; }

    /// <summary>Ends.</summary>
    public async Task EndAsync()
    {
        _ending.TrySetResult();
        await _running;
    }

    private async Task RunAsync()
    {
        for (var turn = 1; !_ending.Task.IsCompleted; turn++)
        {
            try
            {
                if (turn % MovesASplit == 0) await SplitAsync();
                else await MoveAsync();
            }
            catch (HBaseException)
            {
                Refused++;
            }

            await Task.WhenAny(_ending.Task, Task.Delay(_pause, TimeProvider.System));
        }
    }

    private async Task MoveAsync()
    {
        var servers = (await _client.Admin.GetClusterStatusAsync()).LiveServers;
        var regions = await _client.Admin.ListRegionsAsync(_table);
        var region = regions[_random.Next(regions.Count)];
        var targets = servers.Where(known => known.Endpoint != region.Server).ToList();
        if (targets.Count == 0) return;

        await _client.Admin.MoveRegionAsync(region, targets[_random.Next(targets.Count)]);
        Moves++;
    }

    private async Task SplitAsync()
    {
        if ((await _client.Admin.ListRegionsAsync(_table)).Count >= MaxRegions) return;

        await _client.Admin.SplitRegionAsync(_table, _drawRow(_random));
        Splits++;
    }
}
