using System.Buffers;
using Grains.Streams.Pumps;

namespace Grains.Streams.Cluster;

/// <summary>All chunks of one poll for the cells of one silo: columns, with the events of all chunks behind each other.</summary>
[GenerateSerializer, Immutable, Alias("Grains.Streams.ChunkMessage")]
internal sealed class ChunkMessage
{
    [Id(0)]
    public required PartitionId Partition { get; init; }

    [Id(1)]
    public required string[] Keys { get; init; }

    [Id(2)]
    public required long[] Epochs { get; init; }

    [Id(3)]
    public required long[] Firsts { get; init; }

    [Id(4)]
    public required long[] Lasts { get; init; }

    /// <summary>How many events each chunk has.</summary>
    [Id(5)]
    public required int[] Counts { get; init; }

    /// <summary>The events, by the stream's codec.</summary>
    [Id(6)]
    public required byte[] Events { get; init; }

    public static ChunkMessage Of<TEvent>(PartitionId partition, IReadOnlyList<Chunk<TEvent>> chunks, IEventCodec<TEvent> codec)
        where TEvent : unmanaged
    {
        var events = new TEvent[chunks.Sum(chunk => chunk.Events.Length)];
        var offset = 0;
        foreach (var chunk in chunks)
        {
            chunk.Events.Span.CopyTo(events.AsSpan(offset));
            offset += chunk.Events.Length;
        }

        var bytes = new ArrayBufferWriter<byte>();
        codec.Write(events, bytes);
        return new ChunkMessage
        {
            Partition = partition,
            Keys = [.. chunks.Select(chunk => chunk.Key)],
            Epochs = [.. chunks.Select(chunk => chunk.Epoch)],
            Firsts = [.. chunks.Select(chunk => chunk.First)],
            Lasts = [.. chunks.Select(chunk => chunk.Last)],
            Counts = [.. chunks.Select(chunk => chunk.Events.Length)],
            Events = bytes.WrittenSpan.ToArray(),
        };
    }

    /// <exception cref="FormatException">The events are not what the counts say.</exception>
    public IReadOnlyList<Chunk<TEvent>> Chunks<TEvent>(IEventCodec<TEvent> codec)
        where TEvent : unmanaged
    {
        var events = new TEvent[Counts.Sum()];
        codec.Read(Events, events);
        var chunks = new Chunk<TEvent>[Keys.Length];
        var offset = 0;
        for (var i = 0; i < chunks.Length; i++)
        {
            chunks[i] = new Chunk<TEvent>(Keys[i], Epochs[i], Firsts[i], Lasts[i], events.AsMemory(offset, Counts[i]));
            offset += Counts[i];
        }

        return chunks;
    }
}
