using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Grains.Streams;

namespace Grains.Tests.Server.Kafka;

/// <summary>A state that shows every event lost, doubled or out of order: how many there were, their sum, and a hash of their sequence.</summary>
internal sealed class Tally : IKeyedState<long>
{
    public long Count { get; private set; }

    public long Sum { get; private set; }

    public long Sequence { get; private set; }

    public static StreamDefinition<Tally, long> Define(IServiceProvider _) => new() { Name = "tally", NewState = static _ => new Tally(), NewDecoder = static () => new Decoder() };

    public void Missing(ReadOnlySpan<long> chunk, ICollection<long> windows)
    {
    }

    public void Restore(long window, ReadOnlyMemory<byte> historyRow)
    {
    }

    public void Apply(ReadOnlySpan<long> chunk)
    {
        foreach (var number in chunk)
        {
            Count++;
            Sum += number;
            Sequence = unchecked((Sequence * 31) + number);
        }
    }

    public void Save(IBufferWriter<byte> row, ICollection<ClosedWindow> closed)
    {
        foreach (var number in (ReadOnlySpan<long>)[Count, Sum, Sequence])
        {
            BinaryPrimitives.WriteInt64LittleEndian(row.GetSpan(8), number);
            row.Advance(8);
        }
    }

    public void Sealed(long window)
    {
    }

    public void Load(ReadOnlySpan<byte> row)
    {
        Count = BinaryPrimitives.ReadInt64LittleEndian(row);
        Sum = BinaryPrimitives.ReadInt64LittleEndian(row[8..]);
        Sequence = BinaryPrimitives.ReadInt64LittleEndian(row[16..]);
    }

    public override string ToString() => $"{Count} events, sum {Sum}, sequence {Sequence:x}";

    /// <summary>Understands <c>key number anything</c>; an empty record is skipped.</summary>
    private sealed class Decoder : IRecordDecoder<long>
    {
        public RecordVerdict Decode(ReadOnlySpan<byte> record, out ReadOnlySpan<byte> key, out long decoded)
        {
            key = default;
            decoded = 0;
            if (record.IsEmpty) return RecordVerdict.Skipped(0);

            var space = record.IndexOf((byte)' ');
            if (space <= 0 || !System.Buffers.Text.Utf8Parser.TryParse(record[(space + 1)..], out decoded, out _)) return RecordVerdict.Refused(1);

            key = record[..space];
            return RecordVerdict.Kept;
        }

        public string ReasonName(byte reason) => reason == 0 ? "empty" : "no_number";
    }

    public static byte[] Record(string key, long number, int padding = 0) => Encoding.UTF8.GetBytes($"{key} {number} {new string('.', padding)}");
}
