using System.Buffers.Binary;
using System.Text;
using Grains.Streams;

namespace Grains.Tests.Unit.Streams.Simulation;

/// <summary>One event of the simulated log: its own position and window, so that a state can tell which events it holds.</summary>
internal readonly record struct SimulatedEvent(int Position, int Window);

/// <summary>A partition of a log: at each position an event of some key, one in eight late by up to three windows.</summary>
internal sealed class SimulatedLog
{
    private const int WindowWidth = 6;

    public SimulatedLog(Random random, int length, int keys)
    {
        Keys = [.. Enumerable.Range(0, keys).Select(key => $"course-{key}")];
        Events = [.. Enumerable.Range(0, length).Select(position => (
            Keys[random.Next(keys)],
            new SimulatedEvent(position, Math.Max(0, (position / WindowWidth) - (random.NextDouble() < 0.12 ? random.Next(1, 4) : 0)))))];
    }

    public string[] Keys { get; }

    public (string Key, SimulatedEvent Event)[] Events { get; }

    /// <summary>What the storage must hold of a key that has counted everything up to a position: the positions by window.</summary>
    public string Expected(string key, long applied) => Describe(Events
        .Where(entry => entry.Key == key && entry.Event.Position <= applied)
        .GroupBy(entry => entry.Event.Window, entry => entry.Event.Position)
        .Select(window => (window.Key, window.AsEnumerable())));

    public static string Describe(IEnumerable<(int Window, IEnumerable<int> Positions)> windows) => string.Join(
        " ", windows.Where(window => window.Positions.Any()).OrderBy(window => window.Window).Select(window => $"{window.Window}:{string.Join(',', window.Positions.Order())}"));

    public byte[] Record(int position) => Record(Events[position].Key, Events[position].Event);

    public static byte[] Record(string key, SimulatedEvent taken)
    {
        var record = new byte[8 + key.Length];
        BinaryPrimitives.WriteInt32LittleEndian(record, taken.Position);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), taken.Window);
        Encoding.ASCII.GetBytes(key, record.AsSpan(8));
        return record;
    }

    internal sealed class Decoder : IRecordDecoder<SimulatedEvent>
    {
        public RecordVerdict Decode(ReadOnlySpan<byte> record, out ReadOnlySpan<byte> key, out SimulatedEvent decoded)
        {
            key = record[8..];
            decoded = new SimulatedEvent(BinaryPrimitives.ReadInt32LittleEndian(record), BinaryPrimitives.ReadInt32LittleEndian(record[4..]));
            return RecordVerdict.Kept;
        }

        public string ReasonName(byte reason) => throw new ArgumentOutOfRangeException(nameof(reason), reason, "The simulated log has no bad records.");
    }
}
