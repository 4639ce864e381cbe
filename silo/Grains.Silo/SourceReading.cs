using Grains.Abstractions;
using Grains.Courses;
using Grains.Streams;

namespace Grains.Silo;

/// <summary>Reads a file, standard input or generated traffic: a source of one partition.</summary>
internal sealed class SourceReading(StreamEngine<CourseState, CourseEvent> engine, IPartitionSource source) : IReading
{
    public Task Completion { get; private set; } = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        engine.Start();
        Completion = engine.Read(source).Completion;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => engine.StopAsync(cancellationToken);
}
