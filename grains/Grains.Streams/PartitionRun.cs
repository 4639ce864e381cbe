namespace Grains.Streams;

/// <summary>The reading of one partition, from its start to its end.</summary>
public abstract class PartitionRun
{
    /// <summary>Completes when the source has ended and everything of it is durable and committed, or when it was stopped; fails where reading cannot go on.</summary>
    public abstract Task Completion { get; }

    /// <summary>What is read; null until the source is open.</summary>
    public abstract PartitionId? Partition { get; }

    /// <summary>How far reading is behind what exists.</summary>
    public abstract SourceLag Lag { get; }

    /// <summary>Everything below this position is durable and committed.</summary>
    public abstract long Durable { get; }

    /// <summary>What was read.</summary>
    public abstract PumpReport Report();

    /// <summary>Stops reading. Until the token says so it waits for what was read to become durable, and commits it.</summary>
    public abstract Task StopAsync(CancellationToken cancellationToken);
}
