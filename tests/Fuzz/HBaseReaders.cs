using System.Buffers.Binary;
using Grains.Storage.HBase;
using HBase.Client;
using HBase.Client.Protocol;
using HBase.Client.Regions;
using HBase.Client.Rpc;

namespace Grains.Fuzz;

/// <summary>Everything of the HBase client and its storage that reads bytes which others wrote, each as a function of bytes that returns or throws what it promises to throw.</summary>
public static class HBaseReaders
{
    private const int MaxFrameBytes = 1 << 20;
    private const int PieceBytes = 1000;
    private static readonly RegionLocation Region = new("t", "t,,1."u8.ToArray(), [], [], new HBaseEndpoint("h", 1));

    /// <summary>The readers by name. Anything that one throws is a finding.</summary>
    public static IReadOnlyDictionary<string, Action<byte[]>> All { get; } = new Dictionary<string, Action<byte[]>>(StringComparer.Ordinal)
    {
        ["stream"] = Stream,
        ["header"] = static bytes => Refusing<WireFormatException>(() => AnswerHeader.Read(bytes)),
        ["answer"] = Answer,
        ["cells"] = Cells,
        ["meta"] = Meta,
        ["fault"] = static bytes => _ = RemoteFault.From(HBaseBytes.ToDisplay(bytes.AsSpan(0, bytes.Length / 2)), System.Text.Encoding.UTF8.GetString(bytes.AsSpan(bytes.Length / 2))),
        ["row-key"] = static bytes => _ = RowKey.TryReadHistory(bytes, out _, out _),
    };

    // What a connection receives: frames, each with a header and the rest.
    private static void Stream(byte[] bytes)
    {
        using var buffer = new ReceiveBuffer(MaxFrameBytes);
        Refusing<WireFormatException>(() =>
        {
            for (var at = 0; at < bytes.Length;)
            {
                var piece = bytes.AsMemory(at, Math.Min(Math.Min(PieceBytes, buffer.Room.Length), bytes.Length - at));
                piece.CopyTo(buffer.Room);
                buffer.Received(piece.Length);
                at += piece.Length;
                while (buffer.TryTakeFrame(out var frame))
                {
                    var header = AnswerHeader.Read(ProtoReader.ReadDelimited(frame, out var rest));
                    var message = rest.IsEmpty ? default : ProtoReader.ReadDelimited(rest, out rest);
                    if (header.CellBytes <= rest.Length) Answer(message, rest[..header.CellBytes]);
                }
            }
        });
    }

    // Two bytes: the length of the message; then the message, then cells.
    private static void Answer(byte[] bytes)
    {
        if (bytes.Length < sizeof(ushort)) return;

        var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(bytes), bytes.Length - sizeof(ushort));
        Answer(bytes.AsSpan(sizeof(ushort), length), bytes.AsSpan(sizeof(ushort) + length));
    }

    private static void Answer(ReadOnlySpan<byte> message, ReadOnlySpan<byte> cells)
    {
        var get = new GetCall();
        get.Set(new Get("k"), existenceOnly: false);
        var mutate = new MutateCall();
        mutate.Set(new Put("k").Add("f", "q", "v"), null, default);
        BatchItem[] items = [new(new Get("k"), default), new(new Get("l"), default), new(CheckAndMutate.IfAbsent("k"u8.ToArray(), "f"u8.ToArray(), default), default)];
        var multi = new MultiCall([new RegionActions(Region, IsGroup: true) { Items = { 0, 1 } }, new RegionActions(Region, IsGroup: false) { Items = { 2 } }], items, 1);
        var location = new MessageCall<GetMetaRegionLocationsResponse>("GetMetaRegionLocations", new EmptyMessage(), GetMetaRegionLocationsResponse.Parser);
        var scan = new ScanCall { Region = Region };
        foreach (var call in (RpcCall[])[get, mutate, multi, scan, location])
        {
            try
            {
                call.ReadAnswer(message, cells);
            }
            catch (WireFormatException)
            {
                // What it promises.
            }
        }

        // What was accepted must also be walkable.
        Walk(get.Row);
        foreach (var row in scan.Rows ?? []) Walk(row);
    }

    // One byte: how many cells; then the block.
    private static void Cells(byte[] bytes)
    {
        if (bytes.Length == 0) return;

        Refusing<WireFormatException>(() =>
        {
            var block = new ReadOnlySpan<byte>(bytes, 1, bytes.Length - 1);
            Walk(CellBlock.Take(ref block, bytes[0]));
        });
        Refusing<WireFormatException>(() =>
        {
            using var block = new FrameBuffer();
            CellBlock.AppendInline(block, bytes.AsSpan(1));
            Walk(Take(1, block));
        });
    }

    // Two bytes: the length of info:regioninfo; then it, then info:server.
    private static void Meta(byte[] bytes)
    {
        if (bytes.Length < sizeof(ushort)) return;

        var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(bytes), bytes.Length - sizeof(ushort));
        using var block = new FrameBuffer();
        CellBlock.Append(block, "t,,1."u8, "info"u8, "regioninfo"u8, 1, HBaseCell.TypePut, bytes.AsSpan(sizeof(ushort), length));
        CellBlock.Append(block, "t,,1."u8, "info"u8, "server"u8, 1, HBaseCell.TypePut, bytes.AsSpan(sizeof(ushort) + length));
        Refusing<RpcException>(() => _ = RegionLocator.Read("t", Take(2, block)));
    }

    private static HBaseRow Take(int count, FrameBuffer block)
    {
        var cells = block.Written.Span;
        return CellBlock.Take(ref cells, count);
    }

    private static void Walk(HBaseRow row)
    {
        foreach (var cell in row) _ = cell.Row.Length + cell.Family.Length + cell.Qualifier.Length + cell.Value.Length + cell.Timestamp;
    }

    private static void Refusing<TRefusal>(Action read)
        where TRefusal : Exception
    {
        try
        {
            read();
        }
        catch (TRefusal)
        {
            // What it promises.
        }
    }
}
