using Grains.Abstractions;
using Grains.Courses;
using Grains.Streams;

namespace Grains.Silo;

/// <summary>Runs the engine with the silo's source, and stops the silo where reading cannot go on.</summary>
internal sealed class ReadingService(StreamEngine<CourseState, CourseEvent> engine, IPartitionSource source, IHostApplicationLifetime lifetime) : IHostedService
{
    private Task _watching = Task.CompletedTask;

    /// <summary>Why reading could not go on; null while it does.</summary>
    public Exception? Failure { get; private set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        engine.Start();
        _watching = WatchAsync(engine.Read(source));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await engine.StopAsync(cancellationToken);
        await _watching;
    }

    private async Task WatchAsync(PartitionRun run)
    {
        try
        {
            await run.Completion;
        }
        catch (Exception failure)
        {
            Failure = failure;
            lifetime.StopApplication();
        }
    }
}
