using System.Text;

namespace Grains.Tests.Unit.Files;

/// <summary>Writes a log as servers and rotators do, and keeps account of what a reader must have seen of it.</summary>
internal sealed class LogWriter
{
    private readonly string _path;
    private readonly bool _isDated;
    private readonly List<string> _lines = [];
    private readonly HashSet<string> _lost = [];
    private readonly HashSet<string> _fragments = [];
    private readonly List<string> _life = [];
    private string _partial = "";
    private string _target;
    private int _rotations;
    private int _number;

    public LogWriter(string path, bool isDated) => (_path, _target, _isDated) = (path, path, isDated);

    /// <summary>All complete lines, in the order written.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Lines that were destroyed before the reader had them: it may have them all the same.</summary>
    public IReadOnlySet<string> Lost => _lost;

    /// <summary>Whether it is the beginning of a line whose end was never written, or was destroyed: the reader may take it for a line.</summary>
    public bool IsFragment(string line) => _fragments.Contains(line) || _lost.Any(lost => lost.Length > line.Length && lost.StartsWith(line, StringComparison.Ordinal));

    public string NewLine(int length) => $"{++_number:D6}".PadRight(length, (char)('a' + (_number % 26)));

    /// <summary>Appends a line, or the rest of the one begun.</summary>
    public void Append(string line, string end = "\n")
    {
        var whole = _partial.Length > 0 ? _partial + "+" : line;
        Put((_partial.Length > 0 ? "+" : line) + end);
        _partial = "";
        _lines.Add(whole);
        _life.Add(whole);
    }

    /// <summary>Appends the beginning of a line.</summary>
    public void Begin(string line)
    {
        if (_partial.Length > 0) return;
        _partial = line;
        Put(line);
    }

    /// <summary>The file gets another name. Until <see cref="Reopen"/> the server writes to it there.</summary>
    public void Rename()
    {
        if (_target != _path || !File.Exists(_path)) return;
        _target = Rotated();
        File.Move(_path, _target);
    }

    /// <summary>The server has noticed. A line that it had begun it finishes where it began.</summary>
    public void Reopen()
    {
        if (_target == _path) return;
        if (_partial.Length > 0) Append("");
        _target = _path;
        _life.Clear();
    }

    /// <summary>The file is copied, and then emptied.</summary>
    public void CopyAndTruncate()
    {
        Reopen();
        if (!File.Exists(_path)) return;
        if (_partial.Length > 0) Append("");
        File.Copy(_path, Rotated());
        Empty();
        _life.Clear();
    }

    /// <summary>The file is written anew in place. What the reader has not had of it is lost.</summary>
    public void Rewrite(Predicate<string> had)
    {
        Reopen();
        if (!File.Exists(_path)) return;
        if (_partial.Length > 0) _fragments.Add(_partial);
        _partial = "";
        _lost.UnionWith(_life.Where(line => !had(line)));
        Empty();
        _life.Clear();
    }

    public void Finish()
    {
        Reopen();
        if (_partial.Length > 0) Append("");
    }

    private string Rotated()
    {
        _rotations++;
        if (_isDated) return $"{_path}-{20260000 + _rotations}";

        for (var i = _rotations + 3; i > 0; i--)
        {
            if (!File.Exists($"{_path}.{i}")) continue;
            File.Move($"{_path}.{i}", $"{_path}.{i + 1}");
        }

        return _path + ".1";
    }

    private void Put(string text)
    {
        using var file = new FileStream(_target, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.Write(Encoding.UTF8.GetBytes(text));
    }

    private void Empty()
    {
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.SetLength(0);
    }
}
