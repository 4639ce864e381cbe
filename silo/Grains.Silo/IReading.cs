namespace Grains.Silo;

/// <summary>The reading of the log, whatever it is: started with the host or by a batch.</summary>
internal interface IReading
{
    /// <summary>Completes when a log with an end is read, durable and committed; fails where reading cannot go on.</summary>
    Task Completion { get; }

    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Stops reading, and makes durable what was read until the token says that it takes too long.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
