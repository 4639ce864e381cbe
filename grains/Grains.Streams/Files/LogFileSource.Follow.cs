using Microsoft.Win32.SafeHandles;

namespace Grains.Streams.Files;

/// <summary>How the source finds the file that comes next.</summary>
public sealed partial class LogFileSource
{
    /// <summary>What became of a file that was read to its end.</summary>
    private enum FileChange
    {
        None,
        Grown,
        Cut,
        Settled,
    }

    /// <inheritdoc/>
    public async ValueTask<long> OpenAsync(CancellationToken cancellationToken)
    {
        var isThere = IsThere();
        var isKnown = await _table.LoadAsync(cancellationToken).ConfigureAwait(false);
        if (!isThere && !isKnown && _options.ReadToEnd) throw new SourceException($"Log file '{_options.Path}' cannot be read: it does not exist. Name a file that does.");

        using (var family = new FileFamily(_path))
        {
            family.Recognise(_table.Generations, _table.Ignored);
            foreach (var generation in _table.Generations)
            {
                if (family.Open(generation) is { } file) generation.Attach(file);
                else if (generation.End < 0) Missing(generation);
            }

            // The first time the log begins with the file of its own name: what was rotated before is not ours.
            if (!isKnown) IgnoreSiblings(family);
        }

        if (!isThere) LogAwaited(_path);
        // From here on files that are rotated away before a line of them was read are ours: the row says so though it names none yet.
        if (_table.Generations.Count > 0) Seek(_table.Committed);
        else if (!await FollowAsync(cancellationToken).ConfigureAwait(false)) await _table.SaveAsync(_table.Committed, cancellationToken).ConfigureAwait(false);
        Sample();
        return Math.Max(_table.Committed, _current?.At(_current.Start).Value ?? 0);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (_hasEnded) return true;
        if (_current is not null && !_isDrained) return false;
        if (await FollowAsync(cancellationToken).ConfigureAwait(false)) return _hasEnded;

        await Task.Delay(_options.PollInterval, _time, cancellationToken).ConfigureAwait(false);
        return false;
    }

    /// <summary>Finds out what became of the file that was read to its end, and what comes after it. True where there may be something to read now.</summary>
    private async ValueTask<bool> FollowAsync(CancellationToken cancellationToken)
    {
        var current = _current;
        if (current is { End: < 0 })
        {
            var change = Look(current);
            if (change is FileChange.Grown or FileChange.Settled) return true;
            if (change == FileChange.Cut) return await CutAsync(current, cancellationToken).ConfigureAwait(false);
            if (current != _table.Generations[^1]) return IsSettled(current, _table.Generations[^1].Number - current.Number);
            if (FileStat.TryOf(_path, out var stat) && stat.IsSameFile(current.Identity.Device, current.Identity.Inode)) return EndsHere(current);
        }
        else if (current is not null && current != _table.Generations[^1])
        {
            return true;
        }

        using var family = new FileFamily(_path);
        family.Recognise(_table.Generations, _table.Ignored);
        var successors = family.TakeAfter(current);
        if (successors.Count == 0) return EndsHere(current);
        if (current is null or { End: >= 0 } || IsSettled(current, successors.Count)) return await AddAsync(successors, 0, cancellationToken).ConfigureAwait(false);

        foreach (var (_, file) in successors) file.Dispose();
        return false;
    }

    private FileChange Look(Generation current)
    {
        // Order matters: a length taken after the head could be that of a file which was emptied in between, and look like one that was cut off.
        var length = RandomAccess.GetLength(current.File!);
        if (current.HasItsHead())
        {
            if (length > _lines.ReadTo) return FileChange.Grown;
            if (length < _lines.ReadTo) return FileChange.Cut;
            return current.Owns(length, []) ? FileChange.None : FileChange.Grown;
        }

        current.IsReplaced = true;
        using var family = new FileFamily(_path);
        family.Recognise(_table.Generations, _table.Ignored);
        if (family.Open(current) is { } copy)
        {
            // Copied, then truncated: the rest is in the copy.
            current.Attach(copy);
            return FileChange.Grown;
        }

        current.Detach();
        if (current.Seen > _lines.ReadTo)
        {
            // The line that the last block broke off in went on: it is no line.
            _lines.Reset(_lines.Offset, isLineStart: true);
            Lost(current, _lines.Offset, current.Seen, "its file was written anew before it was read to its end");
        }

        current.End = _lines.ReadTo;
        return FileChange.Settled;
    }

    /// <summary>The file has lost its tail, as after a loss of power. What comes after the cut is new; what stands before it was read.</summary>
    private async ValueTask<bool> CutAsync(Generation current, CancellationToken cancellationToken)
    {
        using var family = new FileFamily(_path);
        family.Recognise(_table.Generations, _table.Ignored);
        var length = RandomAccess.GetLength(current.File!);
        if (length >= _lines.ReadTo || family.Open(current) is not { } file) return false;

        // What is read again of this life must end here: the bytes after it belong to the next one.
        current.End = length;
        Lost(current, length, length, "its file lost its tail, and what was written to it before that was noticed cannot be told from what was read");
        return await AddAsync([(_path, file)], length, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes files as the next generations, and keeps them in the storage before a line of them is handed on.</summary>
    private async ValueTask<bool> AddAsync(IReadOnlyList<(string Name, SafeFileHandle File)> files, long start, CancellationToken cancellationToken)
    {
        var first = _table.Generations.Count;
        foreach (var (_, file) in files)
        {
            var generation = new Generation(_table.NextNumber, start, FileIdentity.Of(file));
            generation.Attach(file);
            _table.Generations.Add(generation);
        }

        var added = _table.Generations[first..];
        if (!await _table.SaveAsync(_table.Committed, cancellationToken).ConfigureAwait(false))
        {
            foreach (var generation in added) generation.Dispose();
            _table.Generations.RemoveRange(first, added.Count);
            return false;
        }

        for (var i = 0; i < added.Count; i++) LogBegun(_path, files[i].Name, added[i].Number);
        if (_current is null) Enter(added[0], start);
        return true;
    }

    /// <summary>Whether a file that others follow has been read to its end: it has not grown for long enough, or a second rotation has passed.</summary>
    private bool IsSettled(Generation generation, long successors)
    {
        if (successors == 1 && !_options.ReadToEnd && _time.GetElapsedTime(_lastGrowth) < _options.RotationGrace) return false;

        generation.End = _lines.ReadTo;
        return true;
    }

    /// <summary>No file comes after the current one.</summary>
    private bool EndsHere(Generation? current)
    {
        if (!_options.ReadToEnd) return false;

        if (current is { End: < 0 }) current.End = _lines.ReadTo;
        else _hasEnded = true;
        return true;
    }

    /// <summary>The file of a generation that was not settled is gone since the log was last open.</summary>
    private void Missing(Generation generation)
    {
        var committed = FilePosition.Of(_table.Committed);
        var from = generation.Number == committed.Generation ? committed.Offset : generation.Start;
        generation.End = Math.Max(generation.Seen, from);
        Lost(generation, from, generation.End, "its file is gone since the log was last open, and may have held more");
    }

    private void IgnoreSiblings(FileFamily family)
    {
        foreach (var (name, file) in family.TakeAfter(null))
        {
            if (name != _path) _table.Ignore(FileIdentity.Of(file));
            file.Dispose();
        }
    }

    private bool IsThere()
    {
        if (Directory.Exists(_path)) throw new SourceException($"Log file '{_options.Path}' cannot be read: it is a directory. Name a file.");

        var isThere = FileStat.TryOf(_path, out var stat);
        if (isThere && !stat.IsRegular) throw new SourceException($"Log file '{_options.Path}' cannot be read: it is a pipe or a device. Give it on standard input.");

        try
        {
            FileStat.Open(_path).Dispose();
            return true;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new SourceException($"Log file '{_options.Path}' cannot be read: this user may not. Change its mode, or run as a user who may read it.", error);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException error)
        {
            throw new SourceException($"Log file '{_options.Path}' cannot be read: {error.Message.TrimEnd('.')}. Check the path.", error);
        }
    }
}
