using System.Buffers.Binary;
using Google.Protobuf;
using Grains.Testing.HBase;
using HBase.Client;
using HBase.Client.Protocol;

namespace Grains.Fuzz;

/// <summary>Makes the corpus anew: has the client do everything with the fake server, and keeps what that answered.</summary>
internal static class CorpusMaker
{
    private const int MostEach = 24;
    private const int MaxBytes = 2000;

    public static async Task<int> RunAsync(string folder)
    {
        var frames = new List<byte[]>();
        await RecordAsync(frames);
        var distinct = frames.Where(static frame => frame.Length <= MaxBytes).DistinctBy(static frame => frame.Length).Take(MostEach).ToList();
        Save(folder, "stream", [.. distinct, [.. distinct.Take(6).SelectMany(static frame => frame)]]);
        Save(folder, "header", [.. distinct.Select(static frame => Header(frame).ToArray()).DistinctBy(static header => header.Length)]);
        Save(folder, "answer", [.. distinct.Select(Answer)]);
        using var block = new FrameBuffer();
        for (var i = 0; i < 3; i++) CellBlock.Append(block, "row"u8, "f"u8, HBaseBytes.Utf8($"q{i}"), i, 4, new byte[i * 10]);
        Save(folder, "cells", [[3, .. block.Written.Span]]);
        byte[] info = [.. "PBUF"u8, .. new RegionInfo { RegionId = 1, TableName = ((TableName)"t").ToMessage(), StartKey = ByteString.CopyFromUtf8("a"), EndKey = ByteString.CopyFromUtf8("k") }.ToByteArray()];
        Save(folder, "meta", [[0, (byte)info.Length, .. info, .. "rs1.example:16020"u8]]);
        Save(folder, "fault", [HBaseBytes.Utf8("org.apache.hadoop.hbase.exceptions.RegionMovedExceptionRegion moved to: hostname=h port=16020 startCode=1. As of locationSeqNum=4."), HBaseBytes.Utf8("org.apache.hadoop.hbase.quotas.RpcThrottlingExceptionread size limit exceeded - wait 1mins, 2sec, 200ms")]);
        Save(folder, "row-key", [[3, 2, (byte)'1', (byte)'2', 0x80, 0, 0, 0, 0, 1, 2, 3]]);
        return 0;
    }

    private static async Task RecordAsync(List<byte[]> frames)
    {
        await using var cluster = new FakeCluster();
        cluster.CreateTable("t", ["f", "g"], "k");
        cluster.Tap = frame =>
        {
            lock (frames) frames.Add(frame);
        };
        await using var client = new HBaseClient(cluster.Masters);
        var table = client.GetTable("t");
        foreach (var inline in (bool[])[false, true])
        {
            cluster.InlineCells = inline;
            await table.PutAsync(new Put("a").Add("f", "q", "value").Add("g", "", ""));
            await table.GetAsync(new Get("a"));
            await table.ExistsAsync(new Get("nothing"));
            await table.IncrementAsync(new Increment("n").Add("f", "n", 5));
            await table.AppendAsync(new Append("a").Add("f"u8.ToArray(), "q"u8.ToArray(), "z"u8.ToArray()));
            await table.CheckAndMutateAsync(CheckAndMutate.IfAbsent("a"u8.ToArray(), "f"u8.ToArray(), "q"u8.ToArray()).Then(new Put("a").Add("f", "q", "x")));
            await table.BatchAsync([new Put("b").Add("f", "q", "1"), new Get("a"), new Get("b"), new Put("m").Add("nothere", "q", "x"), CheckAndMutate.IfAbsent("z"u8.ToArray(), "f"u8.ToArray(), default).Then(new Put("z").Add("f", "q", "1"))]);
            await foreach (var row in table.ScanAsync(new Scan { ChunkRows = 2 })) _ = row.Count;
            cluster.Move("t", "a", inline ? 0 : 1);
            await table.GetAsync(new Get("a"));
        }

        await client.Admin.ListRegionsAsync("t");
        await client.Admin.DescribeTableAsync("t");
        await client.Admin.GetTableStateAsync("absent");
    }

    // int32 length | varint length, header | varint length, message | cells
    private static ReadOnlySpan<byte> Header(byte[] frame) => ProtoReader.ReadDelimited(frame.AsSpan(sizeof(int)), out _);

    private static byte[] Answer(byte[] frame)
    {
        ProtoReader.ReadDelimited(frame.AsSpan(sizeof(int)), out var rest);
        var message = rest.IsEmpty ? default : ProtoReader.ReadDelimited(rest, out rest);
        var length = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)message.Length);
        return [.. length, .. message, .. rest];
    }

    private static void Save(string folder, string reader, List<byte[]> inputs)
    {
        var place = Directory.CreateDirectory(Path.Combine(folder, reader)).FullName;
        foreach (var old in Directory.GetFiles(place)) File.Delete(old);
        for (var i = 0; i < inputs.Count; i++) File.WriteAllBytes(Path.Combine(place, $"{i:d2}.bin"), inputs[i]);
    }
}
