using Orleans.Providers.Streams.Common;

namespace Grains.Streams.Kafka.Provider;

/// <summary>Where a stream has something to be delivered. Unlike a consumer's token it says of no event that it was delivered.</summary>
internal sealed class ActivityToken(EventPosition position) : EventSequenceTokenV2(position.Offset, position.Index)
{
    protected override Type SequenceTokenCompatibilityDomain => typeof(EventSequenceToken);
}
