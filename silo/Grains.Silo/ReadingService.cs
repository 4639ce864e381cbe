namespace Grains.Silo;

/// <summary>Reads for as long as the host runs, and stops the host where reading cannot go on.</summary>
internal sealed class ReadingService(IReading reading, IHostApplicationLifetime lifetime) : IHostedService
{
    private Task _watching = Task.CompletedTask;

    /// <summary>Why reading could not go on; null while it does.</summary>
    public Exception? Failure { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await reading.StartAsync(cancellationToken);
        _watching = WatchAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await reading.StopAsync(cancellationToken);
        await _watching;
    }

    private async Task WatchAsync()
    {
        try
        {
            await reading.Completion;
        }
        catch (Exception failure)
        {
            Failure = failure;
            lifetime.StopApplication();
        }
    }
}
