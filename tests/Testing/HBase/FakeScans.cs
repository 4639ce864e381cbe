using Google.Protobuf;
using Grains.Testing.HBase.Protocol;
using HBase.Client;
using HBase.Client.Protocol;

namespace Grains.Testing.HBase;

/// <summary>Scans of a fake server: region by region, step by step, in pieces and with heartbeats if asked for. Filters are not applied.</summary>
internal sealed class FakeScans(FakeCluster cluster, int index)
{
    private const string Package = "org.apache.hadoop.hbase.";

    public ScanResponse Scan(ScanRequest request, FrameBuffer cells, Func<RegionSpecifier, FakeRegion?> find)
    {
        var scanner = request.HasScannerId ? Find(request) : Open(request, find);
        var id = request.HasScannerId ? request.ScannerId : ++cluster.LastScannerId;
        var response = new ScanResponse { ScannerId = id, Ttl = (uint)cluster.ScannerLeaseMilliseconds, MoreResults = true, MoreResultsInRegion = true };
        cluster.Scanners[id] = scanner;
        if (request.Renew) return response;

        if (scanner.HeartbeatsSent < cluster.Heartbeats && !request.CloseScanner)
        {
            scanner.HeartbeatsSent++;
            response.HeartbeatMessage = true;
            return response;
        }

        scanner.HeartbeatsSent = 0;
        Fill(request, scanner, response, cells);
        if (request.CloseScanner || !response.MoreResults || !response.MoreResultsInRegion) cluster.Scanners.Remove(id);
        return response;
    }

    private FakeScanner Find(ScanRequest request)
    {
        if (!cluster.Scanners.TryGetValue(request.ScannerId, out var scanner) || (scanner.Region is { } region && region.Server != index))
        {
            throw new FakeJavaException(Package + "UnknownScannerException", $"scanner {request.ScannerId} is gone") { DoNotRetry = true };
        }

        if (request.HasNextCallSeq && request.NextCallSeq != scanner.NextSequence)
        {
            throw new FakeJavaException(Package + "exceptions.OutOfOrderScannerNextException", $"expected {scanner.NextSequence}, got {request.NextCallSeq}") { DoNotRetry = true };
        }

        scanner.NextSequence++;
        return scanner;
    }

    private FakeScanner Open(ScanRequest request, Func<RegionSpecifier, FakeRegion?> find)
    {
        var region = find(request.Region);
        var scan = request.Scan;
        var cells = region is null ? Meta() : region.Table.Rows.Values.Where(row => region.Contains(row.Key)).SelectMany(row => Cells(row, scan));
        IComparer<byte[]> order = region is null ? MetaComparer.Instance : BytesComparer.Instance;
        var inRange = cells.Where(cell => InRange(cell.Row, scan, order)).ToList();
        if (scan.Reversed) inRange = [.. inRange.GroupBy(static cell => Convert.ToHexString(cell.Row)).Reverse().SelectMany(static row => row)];
        return new FakeScanner(region!, scan, inRange);
    }

    private void Fill(ScanRequest request, FakeScanner scanner, ScanResponse response, FrameBuffer cells)
    {
        var limit = cluster.CellsPerScanStep > 0 && scanner.Region is not null ? cluster.CellsPerScanStep : int.MaxValue;
        var sent = 0;
        var rows = 0;
        while (rows < request.NumberOfRows && scanner.Position < scanner.Cells.Count && sent < limit)
        {
            var row = scanner.Cells[scanner.Position].Row;
            var count = 0;
            while (scanner.Position < scanner.Cells.Count && scanner.Cells[scanner.Position].Row.AsSpan().SequenceEqual(row) && sent < limit)
            {
                var cell = scanner.Cells[scanner.Position++];
                FakeRow.Write(cells, cell.Row, (cell.Family, cell.Qualifier, cell.Timestamp, cell.Value));
                count++;
                sent++;
            }

            // A server that stopped in the middle says "partial" even where the row happens to end there: it has not looked.
            var cut = sent == limit;
            response.CellsPerResult.Add((uint)count);
            response.PartialFlagPerResult.Add(cut);
            rows++;
            if (request.LimitOfRows > 0 && rows >= request.LimitOfRows && !cut) response.MoreResults = false;
        }

        if (scanner.Position >= scanner.Cells.Count) response.MoreResultsInRegion = false;
    }

    private static IEnumerable<FakeCell> Cells(FakeRow row, ScanMessage scan) =>
        row.Cells(scan.Column, (int)scan.MaxVersions).Select(cell => new FakeCell(row.Key, cell.Family, cell.Qualifier, cell.Timestamp, cell.Value));

    private IEnumerable<FakeCell> Meta()
    {
        var regions = cluster.Tables.Values.SelectMany(static table => table.Regions).OrderBy(static region => region.Name, MetaComparer.Instance);
        var family = HBaseBytes.Utf8("info");
        foreach (var region in regions)
        {
            yield return new FakeCell(region.Name, family, HBaseBytes.Utf8("regioninfo"), 1, [.. "PBUF"u8, .. region.Info.ToByteArray()]);
            yield return new FakeCell(region.Name, family, HBaseBytes.Utf8("seqnumDuringOpen"), 1, HBaseBytes.Int64(region.Sequence));
            yield return new FakeCell(region.Name, family, HBaseBytes.Utf8("server"), 1, HBaseBytes.Utf8(cluster.Endpoint(region.Server).ToString()));
        }
    }

    private static bool InRange(byte[] row, ScanMessage scan, IComparer<byte[]> order)
    {
        var sign = scan.Reversed ? -1 : 1;
        var start = scan.StartRow.IsEmpty ? 1 : sign * order.Compare(row, scan.StartRow.ToByteArray());
        var stop = scan.StopRow.IsEmpty ? -1 : sign * order.Compare(row, scan.StopRow.ToByteArray());
        return (start > 0 || (start == 0 && scan.IncludeStartRow)) && (stop < 0 || (stop == 0 && scan.IncludeStopRow));
    }
}
