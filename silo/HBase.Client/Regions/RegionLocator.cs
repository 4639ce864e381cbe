using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Google.Protobuf;
using HBase.Client.Protocol;
using HBase.Client.Rpc;

namespace HBase.Client.Regions;

/// <summary>Knows where regions are: what hbase:meta said, corrected by what servers answer. One attempt a call; the caller of the operation retries.</summary>
internal sealed class RegionLocator(Registry registry, ServerPool pool, ClientMetrics metrics)
{
    private const int PrefetchRows = 10;
    private const int ListRows = 500;

    // hbase:meta compares table, start key and id one by one: a key needs two commas, and the name that follows a table's directly has a space behind it.
    private const string BehindTable = " ,,";
    private static readonly byte[] MetaRegionName = "hbase:meta,,1"u8.ToArray();

    private readonly ConcurrentDictionary<TableName, RegionMap> _maps = new();

    public RegionMap Map(TableName table) => _maps.GetOrAdd(table, static _ => new RegionMap());

    /// <summary>The region that has the row.</summary>
    public ValueTask<RegionLocation> LocateAsync(TableName table, RegionMap map, ReadOnlyMemory<byte> row, TimeSpan timeout, CancellationToken cancellationToken) =>
        map.Find(row.Span) is { } known ? new ValueTask<RegionLocation>(known) : LookUpAsync(table, map, row, before: false, timeout, cancellationToken);

    /// <summary>The region that has the rows right before this one; an empty row stands for the end of the table.</summary>
    public ValueTask<RegionLocation> LocateBeforeAsync(TableName table, RegionMap map, ReadOnlyMemory<byte> row, TimeSpan timeout, CancellationToken cancellationToken) =>
        map.FindBefore(row.Span) is { } known ? new ValueTask<RegionLocation>(known) : LookUpAsync(table, map, row, before: true, timeout, cancellationToken);

    /// <summary>All regions of a table as hbase:meta has them now; the cache is renewed by them.</summary>
    public async Task<List<RegionLocation>> ListAsync(TableName table, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var map = Map(table);
        if (table == TableName.Meta) return [await LookUpAsync(table, map, default, before: false, timeout, cancellationToken).ConfigureAwait(false)];

        var regions = new List<RegionLocation>();
        var start = MetaKey(table, ",,");
        var include = true;
        while (true)
        {
            var rows = await ScanMetaAsync(new Scan { StopRow = MetaKey(table, BehindTable), ChunkRows = ListRows }, start, include, ListRows, timeout, cancellationToken).ConfigureAwait(false);
            foreach (var row in rows)
            {
                if (Read(table, row) is { } region) regions.Add(region);
            }

            if (rows.Count < ListRows) break;
            start = rows[^1].Key.ToArray();
            include = false;
        }

        foreach (var region in regions) map.Add(region);
        return regions;
    }

    public void Remove(RegionLocation region)
    {
        if (Map(region.Table).Remove(region)) metrics.LocationCorrected();
    }

    public void Replace(RegionLocation region, HBaseEndpoint server, long movedAt)
    {
        if (Map(region.Table).Replace(region, region.At(server, movedAt))) metrics.LocationCorrected();
    }

    public void RemoveServer(HBaseEndpoint server)
    {
        foreach (var map in _maps.Values) map.RemoveServer(server);
        metrics.LocationCorrected();
    }

    private async ValueTask<RegionLocation> LookUpAsync(TableName table, RegionMap map, ReadOnlyMemory<byte> row, bool before, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!await map.Lookup.WaitAsync(timeout, cancellationToken).ConfigureAwait(false))
        {
            throw new RpcException(RpcFaultKind.NotSent, $"hbase:meta was not read within {timeout.TotalSeconds:0.##} s");
        }

        try
        {
            if ((before ? map.FindBefore(row.Span) : map.Find(row.Span)) is { } known) return known;

            metrics.LookedUp();
            if (table == TableName.Meta)
            {
                var meta = new RegionLocation(table, MetaRegionName, [], [], await registry.MetaServerAsync(timeout, cancellationToken).ConfigureAwait(false));
                map.Add(meta);
                return meta;
            }

            return await ReadMetaAsync(table, map, row, before, timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException e) when (e.Kind is not RpcFaultKind.NotSent)
        {
            // Nothing of the operation itself was sent.
            throw new RpcException(RpcFaultKind.NotSent, $"hbase:meta could not be read: {e.Message}", e);
        }
        finally
        {
            map.Lookup.Release();
        }
    }

    // Backwards from "table,row,~": the first live row is the region. The rows before it are neighbours, worth keeping.
    private async Task<RegionLocation> ReadMetaAsync(TableName table, RegionMap map, ReadOnlyMemory<byte> row, bool before, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = before && row.IsEmpty ? MetaKey(table, BehindTable) : MetaKey(table, ",", row.Span, before ? "," : ",99999999999999");
        var scan = new Scan { StopRow = MetaKey(table, ",,"), IncludeStopRow = true, Reversed = true, ChunkRows = PrefetchRows };
        var rows = await ScanMetaAsync(scan, start, includeStart: true, PrefetchRows, timeout, cancellationToken).ConfigureAwait(false);
        RegionLocation? found = null;
        var inTransition = false;
        for (var i = rows.Count - 1; i >= 0; i--)
        {
            var region = Read(table, rows[i]);
            if (region is null)
            {
                inTransition |= i == 0;
                continue;
            }

            map.Add(region);
            if (before ? region.ContainsBefore(row.Span) : region.Contains(row.Span)) found = region;
        }

        if (rows.Count == 0)
        {
            throw new HBaseException($"Table '{table}' does not exist. Create it, or correct the name.", HBaseFailure.TableUnavailable) { RemoteClass = "org.apache.hadoop.hbase.TableNotFoundException" };
        }

        return found ?? throw new RpcException(RpcFaultKind.NotSent, inTransition ? "the region is on no server at the moment" : "hbase:meta has no region for the row at the moment");
    }

    private async Task<IReadOnlyList<HBaseRow>> ScanMetaAsync(Scan scan, byte[] start, bool includeStart, int maxRows, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var metaMap = Map(TableName.Meta);
        scan.Family("info"u8);
        var meta = await LocateAsync(TableName.Meta, metaMap, default, timeout, cancellationToken).ConfigureAwait(false);
        var call = new ScanCall { Region = meta, Scan = scan, StartRow = start, IncludeStartRow = includeStart, MaxRows = maxRows, LimitRows = maxRows, Close = true };
        try
        {
            var connection = await pool.GetAsync(meta.Server, ServerPool.ClientService, timeout, cancellationToken).ConfigureAwait(false);
            await connection.SendAsync(call, timeout, cancellationToken).ConfigureAwait(false);
            return call.Rows;
        }
        catch (RpcException e) when (e.Remote?.Action is not (FaultAction.Retry or FaultAction.RetryNow or FaultAction.RetryLater))
        {
            metaMap.Remove(meta);
            throw;
        }
    }

    // info:regioninfo = "PBUF" RegionInfo; info:server = "host:port", empty or absent in transition; info:seqnumDuringOpen = int64 big-endian. Null: not to be used now.
    internal static RegionLocation? Read(TableName table, HBaseRow row)
    {
        if (!row.TryGetValue("info"u8, "regioninfo"u8, out var bytes) || !bytes.Span.StartsWith("PBUF"u8)) return null;
        if (!row.TryGetValue("info"u8, "server"u8, out var server) || !HBaseEndpoint.TryParse(Encoding.UTF8.GetString(server.Span), 0, out var endpoint)) return null;

        RegionInfo info;
        try
        {
            info = RegionInfo.Parser.ParseFrom(new ReadOnlySequence<byte>(bytes[4..]));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new RpcException(RpcFaultKind.BadAnswer, $"hbase:meta row '{HBaseBytes.ToDisplay(row.Key.Span)}' is damaged: {e.Message}", e);
        }

        if (info.Split || info.Offline || info.ReplicaId != 0) return null;

        var sequence = row.TryGetValue("info"u8, "seqnumDuringOpen"u8, out var opened) && opened.Length == sizeof(long) ? HBaseBytes.ToInt64(opened.Span) : 0;
        return new RegionLocation(table, row.Key.ToArray(), info.StartKey.ToByteArray(), info.EndKey.ToByteArray(), endpoint, sequence, info);
    }

    private static byte[] MetaKey(TableName table, string after) => Encoding.UTF8.GetBytes(table + after);

    private static byte[] MetaKey(TableName table, string after, ReadOnlySpan<byte> row, string end) => [.. MetaKey(table, after), .. row, .. Encoding.UTF8.GetBytes(end)];
}
