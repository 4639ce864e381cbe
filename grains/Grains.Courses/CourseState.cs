using System.Buffers;
using Grains.Abstractions;
using Grains.Streams;
using Grains.Windows;

namespace Grains.Courses;

/// <summary>The windows of one course as the state of a key: a window of the stream is a block of ten minutes.</summary>
/// <remarks>Derived, not wrapped: an object less for each of a hundred thousand courses.</remarks>
public sealed class CourseState(WindowRules rules) : CourseWindows(rules), IKeyedState<CourseEvent>
{
    [ThreadStatic]
    private static List<ClosedBlock>? _closed;

    /// <inheritdoc/>
    public void Save(IBufferWriter<byte> row, ICollection<ClosedWindow> closed)
    {
        var blocks = _closed ??= [];
        Save(row, blocks);
        foreach (var block in blocks) closed.Add(new ClosedWindow(block.Block, block.Row));
        blocks.Clear();
    }
}
