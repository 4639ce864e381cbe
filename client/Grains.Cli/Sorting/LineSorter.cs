using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Grains.Cli.Sorting;

/// <summary>Sorts any number of lines byte by byte (as <c>LC_ALL=C sort</c> does) in bounded memory: what does not fit is sorted into files of the temporary folder and merged.</summary>
/// <remarks>Takes <c>memoryBytes</c> for the text and about as much again for where its lines are. Not for concurrent use.</remarks>
internal sealed class LineSorter(int memoryBytes, string temporaryFolder) : IDisposable
{
    private readonly List<Stream> _runs = [];
    private readonly List<Line> _lines = [];
    private byte[] _text = new byte[Math.Min(memoryBytes, 1 << 20)];
    private int _used;

    /// <summary>How many lines were added.</summary>
    public long Count { get; private set; }

    /// <summary>How many files hold what did not fit.</summary>
    public int Runs => _runs.Count;

    /// <summary>Takes a line, without its end.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        if (_used + line.Length > memoryBytes && _lines.Count > 0) Spill();
        if (_used + line.Length > _text.Length) Grow(_used + line.Length);

        line.CopyTo(_text.AsSpan(_used));
        _lines.Add(new Line(Line.FirstBytes(line), _used, line.Length));
        _used += line.Length;
        Count++;
    }

    /// <summary>Writes all lines in order, each with a line feed.</summary>
    public void WriteTo(Stream output)
    {
        SortLines();
        if (_runs.Count == 0)
        {
            WriteLines(output);
            return;
        }

        if (_lines.Count > 0) Spill();
        Merge(output);
    }

    /// <summary>Removes the files.</summary>
    public void Dispose()
    {
        foreach (var run in _runs) run.Dispose();
    }

    private void Grow(int needed)
    {
        var size = (int)Math.Max(needed, Math.Min(memoryBytes, _text.Length * 2L));
        Array.Resize(ref _text, size);
    }

    private void Spill()
    {
        SortLines();
        var path = Path.Combine(temporaryFolder, $"grains-{Guid.NewGuid():N}.sort");
        var run = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 18, FileOptions.DeleteOnClose);
        _runs.Add(run);
        WriteLines(run);
        run.Flush();
        run.Position = 0;
        _lines.Clear();
        _used = 0;
    }

    private void SortLines() => CollectionsMarshal.AsSpan(_lines).Sort(new ByBytes(_text));

    private void WriteLines(Stream output)
    {
        var buffered = new BufferedStream(output, 1 << 18);
        foreach (var line in _lines)
        {
            buffered.Write(_text, line.Offset, line.Length);
            buffered.WriteByte((byte)'\n');
        }

        // Not disposed: that would close what is below.
        buffered.Flush();
    }

    private void Merge(Stream output)
    {
        var buffered = new BufferedStream(output, 1 << 18);
        var heads = new PriorityQueue<LineReader, LineReader>(Comparer<LineReader>.Create(static (one, other) => one.Line.SequenceCompareTo(other.Line)));
        foreach (var run in _runs)
        {
            var reader = new LineReader(run);
            if (reader.Read()) heads.Enqueue(reader, reader);
        }

        while (heads.TryPeek(out var least, out _))
        {
            buffered.Write(least.Line);
            buffered.WriteByte((byte)'\n');
            // Order matters: a reader may only move on when it is out of the queue, which is ordered by its line.
            heads.Dequeue();
            if (least.Read()) heads.Enqueue(least, least);
        }

        buffered.Flush();
    }

    /// <summary>Where a line is, and its first eight bytes as a number that compares as they do.</summary>
    private readonly record struct Line(ulong First, int Offset, int Length)
    {
        public static ulong FirstBytes(ReadOnlySpan<byte> line)
        {
            if (line.Length >= sizeof(ulong)) return BinaryPrimitives.ReadUInt64BigEndian(line);

            Span<byte> padded = stackalloc byte[sizeof(ulong)];
            padded.Clear();
            line.CopyTo(padded);
            return BinaryPrimitives.ReadUInt64BigEndian(padded);
        }
    }

    private readonly struct ByBytes(byte[] text) : IComparer<Line>
    {
        public int Compare(Line x, Line y)
            => x.First != y.First ? x.First.CompareTo(y.First) : text.AsSpan(x.Offset, x.Length).SequenceCompareTo(text.AsSpan(y.Offset, y.Length));
    }
}
