namespace Grains.Streams;

/// <summary>What a stream of events means: how a record is understood, and what a key accumulates.</summary>
/// <typeparam name="TState">What a key accumulates.</typeparam>
/// <typeparam name="TEvent">What a record means.</typeparam>
public sealed class StreamDefinition<TState, TEvent>
    where TState : class, IKeyedState<TEvent>
    where TEvent : unmanaged
{
    /// <summary>The stream's name: the same on every silo.</summary>
    public required string Name { get; init; }

    /// <summary>Makes the empty state of a key.</summary>
    public required Func<string, TState> NewState { get; init; }

    /// <summary>Makes the decoder of a partition.</summary>
    public required Func<IRecordDecoder<TEvent>> NewDecoder { get; init; }

    /// <summary>Carries events to the cells of other silos. Default: as their bytes in memory.</summary>
    public IEventCodec<TEvent> Codec { get; init; } = new BlittedEvents<TEvent>();
}
