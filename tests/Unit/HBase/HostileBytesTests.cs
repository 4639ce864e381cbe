using System.Buffers.Binary;
using CsCheck;
using HBase.Client;
using HBase.Client.Protocol;
using HBase.Client.Regions;
using HBase.Client.Rpc;
using Xunit;

namespace Grains.Tests.Unit.HBase;

/// <summary>Everything that reads bytes of the network, given bytes that no server would send. A failing case prints its seed.</summary>
public sealed class HostileBytesTests
{
    private const int MaxFrameBytes = 1 << 20;
    private static readonly RegionLocation Region = new("t", "t,,1."u8.ToArray(), [], [], new HBaseEndpoint("h", 1));

    // Mutations a run; a long campaign sets GRAINS_FUZZ.
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("GRAINS_FUZZ"), out var rounds) ? rounds : 20_000;

    [Fact]
    public void Mutated_and_truncated_answers_end_in_one_kind_of_exception()
    {
        var answers = ValidAnswers();
        var edits = Gen.Select(Gen.Int[0, answers.Count - 1], Gen.Select(Gen.Int[0, 4000], Gen.Byte).Array[0, 6], Gen.Int[0, 4000]);
        edits.Sample(
            edit =>
            {
                var (index, changes, cut) = edit;
                var (message, cells) = (answers[index].Message.ToArray(), answers[index].Cells.ToArray());
                foreach (var (at, value) in changes)
                {
                    var target = at % 2 == 0 || cells.Length == 0 ? message : cells;
                    if (target.Length > 0) target[at / 2 % target.Length] = value;
                }

                if (cut % 3 == 0 && message.Length > 0) message = message[..(cut % message.Length)];
                if (cut % 3 == 1 && cells.Length > 0) cells = cells[..(cut % cells.Length)];
                ReadAll(message, cells);
            },
            iter: Rounds);
    }

    [Fact]
    public void Random_bytes_end_in_one_kind_of_exception() => Gen.Select(Gen.Byte.Array[0, 200], Gen.Byte.Array[0, 200]).Sample(static bytes => ReadAll(bytes.Item1, bytes.Item2), iter: Rounds);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(MaxFrameBytes + 1)]
    [InlineData(int.MaxValue)]
    public void A_frame_of_impossible_length_is_refused_before_any_of_it_is_read(int length)
    {
        using var buffer = new ReceiveBuffer(MaxFrameBytes);
        BinaryPrimitives.WriteInt32BigEndian(buffer.Room.Span, length);
        buffer.Received(sizeof(int));

        Assert.Throws<WireFormatException>(() => buffer.TryTakeFrame(out _));
    }

    [Fact]
    public void A_large_length_costs_nothing_until_its_bytes_have_come()
    {
        using var buffer = new ReceiveBuffer(256 * 1024 * 1024);
        var before = GC.GetAllocatedBytesForCurrentThread();
        BinaryPrimitives.WriteInt32BigEndian(buffer.Room.Span, 200 * 1024 * 1024);
        buffer.Received(sizeof(int));
        Assert.False(buffer.TryTakeFrame(out _));
        var room = buffer.Room.Length;

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 * 1024);
        Assert.InRange(room, 1, 256 * 1024);
    }

    [Fact]
    public void Frames_come_out_as_they_went_in_however_the_bytes_are_cut()
    {
        Gen.Select(Gen.Byte.Array[1, 40_000].Array[1, 8], Gen.Int[1, 30_000].Array[1, 20]).Sample(
            static input =>
            {
                var (frames, cuts) = input;
                byte[] stream = [.. frames.SelectMany(static frame => (byte[])[.. Length(frame.Length), .. frame])];
                using var buffer = new ReceiveBuffer(MaxFrameBytes);
                var read = new List<byte[]>();
                var position = 0;
                for (var i = 0; position < stream.Length; i++)
                {
                    var room = buffer.Room;
                    var count = Math.Min(Math.Min(room.Length, cuts[i % cuts.Length]), stream.Length - position);
                    stream.AsMemory(position, count).CopyTo(room);
                    buffer.Received(count);
                    position += count;
                    while (buffer.TryTakeFrame(out var frame)) read.Add(frame.ToArray());
                }

                return read.Count == frames.Length && read.Zip(frames).All(static pair => pair.First.AsSpan().SequenceEqual(pair.Second));
            },
            iter: 300);
    }

    [Theory]
    [InlineData(1, -1, 5)]
    [InlineData(1, int.MaxValue, 5)]
    [InlineData(2, -5, 5)]
    [InlineData(2, int.MaxValue, 5)]
    [InlineData(0, int.MaxValue, 5)]
    [InlineData(0, -20, 5)]
    [InlineData(0, 20, int.MaxValue)]
    public void A_cell_whose_lengths_contradict_each_other_is_refused(int which, int value, int count)
    {
        using var block = new FrameBuffer();
        CellBlock.Append(block, "row"u8, "f"u8, "q"u8, 1, 4, "value"u8);
        var bytes = block.Written.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * which), value);

        Assert.Throws<WireFormatException>(() => CellBlock.Measure(bytes, count));
    }

    [Fact]
    public void Many_cells_announced_and_none_sent_cost_nothing()
    {
        using var message = new FrameBuffer();
        for (var i = 0; i < 1000; i++) message.WriteUInt64(1, int.MaxValue);
        var call = new ScanCall { Region = Region };
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<WireFormatException>(() => call.ReadAnswer(message.Written.Span, default));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    private static void ReadAll(byte[] message, byte[] cells)
    {
        var get = new GetCall();
        get.Set(new Get("k"), existenceOnly: false);
        var mutate = new MutateCall();
        mutate.Set(new Put("k").Add("f", "q", "v"), null, default);
        BatchItem[] items = [new(new Get("k"), default), new(new Get("l"), default), new(CheckAndMutate.IfAbsent("k"u8.ToArray(), "f"u8.ToArray(), default), default)];
        var multi = new MultiCall([new RegionActions(Region, IsGroup: true) { Items = { 0, 1 } }, new RegionActions(Region, IsGroup: false) { Items = { 2 } }], items, 1);
        foreach (RpcCall call in (RpcCall[])[get, mutate, multi, new ScanCall { Region = Region }]) Try(() => call.ReadAnswer(message, cells));
        Try(() => AnswerHeader.Read(message));
        Try(() => ProtoReader.ReadDelimited(message, out _));

        // What was accepted must also be walkable.
        foreach (var cell in get.Row) _ = cell.Value.Length + cell.Qualifier.Length + cell.Timestamp;
    }

    private static void Try(Action read)
    {
        try
        {
            read();
        }
        catch (WireFormatException)
        {
            // The only one allowed.
        }
    }

    private static List<(byte[] Message, byte[] Cells)> ValidAnswers()
    {
        using var cells = new FrameBuffer();
        for (var i = 0; i < 6; i++) CellBlock.Append(cells, "row"u8, "f"u8, HBaseBytes.Utf8($"q{i}"), i, 4, new byte[i * 10]);
        var block = cells.Written.ToArray();
        return
        [
            (Message(static b => Result(b, 1, 6)), block),
            (Message(static b => { Result(b, 1, 6); b.WriteBool(2, true); }), block),
            (Message(static b => { foreach (var count in (uint[])[1, 2, 3]) b.WriteUInt64(1, count); b.WriteUInt64(2, 99); b.WriteBool(3, true); b.WriteBool(7, true); b.WriteBool(8, false); }), block),
            (Message(static b => { Region(b, 0, 2); Region(b, 1, 4); }), block),
            (Message(static b => { b.WriteUInt64(1, 7); var e = b.Begin(2, 10); b.WriteString(1, "java.io.IOException"); b.WriteString(2, "text\n\tat"); b.End(e); var m = b.Begin(3, 2); b.WriteUInt64(1, 12); b.End(m); }), []),
        ];

        static void Result(FrameBuffer buffer, int field, uint count)
        {
            var mark = buffer.Begin(field, 4);
            buffer.WriteUInt64(2, count);
            buffer.End(mark);
        }

        static void Region(FrameBuffer buffer, uint index, uint count)
        {
            var region = buffer.Begin(1, 20);
            var one = buffer.Begin(1, 10);
            buffer.WriteUInt64(1, index);
            Result(buffer, 2, count);
            buffer.End(one);
            buffer.WriteBool(3, true);
            buffer.End(region);
        }
    }

    private static byte[] Message(Action<FrameBuffer> write)
    {
        using var buffer = new FrameBuffer();
        write(buffer);
        return buffer.Written.ToArray();
    }

    private static byte[] Length(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
