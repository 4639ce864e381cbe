namespace Grains.Benchmarks.Weblog;

/// <summary>A log file in memory, cut into lines beforehand, so that a benchmark of lines measures lines.</summary>
internal sealed class LogFile
{
    private readonly byte[] _bytes;
    private readonly int[] _ends;

    /// <param name="path">A file of at most 2 GB.</param>
    public LogFile(string path)
    {
        _bytes = File.ReadAllBytes(path);
        var ends = new List<int>();
        for (var from = 0; from < _bytes.Length;)
        {
            var length = _bytes.AsSpan(from).IndexOf((byte)'\n');
            var end = length < 0 ? _bytes.Length : from + length;
            ends.Add(end);
            from = end + 1;
        }

        _ends = [.. ends];
    }

    public int Count => _ends.Length;

    public long Bytes => _bytes.Length;

    public ReadOnlySpan<byte> this[int line]
    {
        get
        {
            var begin = line == 0 ? 0 : _ends[line - 1] + 1;
            return _bytes.AsSpan(begin, _ends[line] - begin);
        }
    }
}
