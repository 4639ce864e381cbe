using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Grains.Streams;
using Grains.Streams.Storage;
using Grains.Windows;

namespace Grains.Courses;

/// <summary>Answers a question about one course of this silo: from its windows in memory, and from history for what reaches further back.</summary>
public sealed class CourseReader(ICells<CourseState> cells, IHistoryRows history, EventClock clock)
{
    /// <summary>The numbers of a course; null where it was never seen.</summary>
    /// <exception cref="StatisticsUnavailableException">The storage does not answer, and what is asked is not all in memory.</exception>
    /// <exception cref="InvalidDataException">A row is damaged.</exception>
    /// <exception cref="Streams.Cluster.KeyMovedException">Another silo owns the course.</exception>
    public async ValueTask<CourseAnswer?> AskAsync(CourseId course, CourseQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(course, question, cancellationToken);
        }
        catch (SnapshotStorageException failure)
        {
            // The cause is of some storage's own library, which no codec knows; the message of damage goes to the log of who asked.
            throw failure.IsTransient
                ? new StatisticsUnavailableException($"The storage does not answer, and what is asked of course '{course}' is not all in memory. Ask again when it does.")
                : new InvalidDataException(failure.Message);
        }
    }

    private async ValueTask<CourseAnswer?> ReadAsync(CourseId course, CourseQuestion question, CancellationToken cancellationToken)
    {
        var (exists, (view, contents)) = await cells.ReadAsync(course.Value, 0, static (state, contents, _) => (state.View(), contents), cancellationToken);
        if (!exists) return null;

        var asOf = Math.Max(clock.Newest, view.Newest);
        var rows = await ReadHistoryAsync(course, view.NeedsHistory(question, asOf), cancellationToken);
        var fold = view.Fold(question.Of, asOf, question.UtcOffset, rows);
        return new CourseAnswer(
            course,
            new AsOf(
                DateTimeOffset.FromUnixTimeSeconds(asOf),
                [.. contents.Positions.Select(position => new PartitionPosition(position.Partition.Source, position.Partition.Partition, position.Applied))],
                view.Late,
                contents.Durable,
                contents.Waiting),
            view.WindowsAt(asOf, question.UtcOffset, rows),
            view.WindowAt(question.Of, asOf, question.UtcOffset, rows),
            [.. Enum.GetValues<Dimension>().Select(dimension => fold.Of(dimension, question.Top))],
            question.Resolution == WindowSpan.AllTime ? null : view.Series(question.Resolution, question.Points, asOf, question.UtcOffset, rows));
    }

    private async ValueTask<IReadOnlyCollection<ClosedBlock>> ReadHistoryAsync(CourseId course, BlockRange? range, CancellationToken cancellationToken)
    {
        if (range is not { } blocks) return [];

        var rows = new List<ClosedBlock>();
        await foreach (var row in history.ScanAsync(course.Value, blocks.First, blocks.Last + 1, cancellationToken)) rows.Add(new ClosedBlock(row.Window, row.Payload));
        return rows;
    }
}
