using System.Buffers;
using Grains.Abstractions;
using Grains.Streams;
using Grains.Windows;

namespace Grains.Courses;

/// <summary>The windows of one course as the state of a key: a window of the stream is a block of ten minutes.</summary>
public sealed class CourseState(WindowRules rules) : IKeyedState<CourseEvent>
{
    [ThreadStatic]
    private static List<ClosedBlock>? t_closed;

    /// <summary>What the course has counted.</summary>
    public CourseWindows Windows { get; } = new(rules);

    /// <inheritdoc/>
    public void Missing(ReadOnlySpan<CourseEvent> chunk, ICollection<long> windows) => Windows.Missing(chunk, windows);

    /// <inheritdoc/>
    public void Restore(long window, ReadOnlyMemory<byte> historyRow) => Windows.Restore(window, historyRow);

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<CourseEvent> chunk) => Windows.Apply(chunk);

    /// <inheritdoc/>
    public void Save(IBufferWriter<byte> row, ICollection<ClosedWindow> closed)
    {
        var blocks = t_closed ??= [];
        Windows.Save(row, blocks);
        foreach (var block in blocks) closed.Add(new ClosedWindow(block.Block, block.Row));
        blocks.Clear();
    }

    /// <inheritdoc/>
    public void Sealed(long window) => Windows.Sealed(window);

    /// <inheritdoc/>
    public void Load(ReadOnlySpan<byte> row) => Windows.Load(row);
}
