using Grains.Abstractions;
using Grains.Courses;
using Grains.Streams;

namespace Grains.Silo;

/// <summary>Reads for as long as the host runs, and stops the host where reading cannot go on.</summary>
internal sealed class ReadingService(IReading reading, StreamEngine<CourseState, CourseEvent> engine, IHostApplicationLifetime lifetime) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;
    private Task _opening = Task.CompletedTask;

    /// <summary>Why reading could not go on; null while it does.</summary>
    public Exception? Failure { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await reading.StartAsync(cancellationToken);
        _watching = WatchAsync();
        _opening = OpenAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await reading.StopAsync(cancellationToken);
        await _watching;
        await _opening;
    }

    public void Dispose() => _stop.Dispose();

    // Lists of courses look at those in memory: the ones that nobody has visited since the start belong there too.
    private async Task OpenAsync()
    {
        try
        {
            await engine.KeepStoredOpenAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The silo stops.
        }
        catch (Exception failure)
        {
            Failure = failure;
            lifetime.StopApplication();
        }
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
