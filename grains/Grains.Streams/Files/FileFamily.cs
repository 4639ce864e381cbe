using Microsoft.Win32.SafeHandles;

namespace Grains.Streams.Files;

/// <summary>The files of a log that are there now, oldest first, and which of those known each of them is.</summary>
internal sealed class FileFamily : IDisposable
{
    private readonly List<Member> _members = [];

    /// <summary>Opens the file of <paramref name="path"/> and its rotated siblings.</summary>
    public FileFamily(string path)
    {
        var head = new byte[FileIdentity.MaxHead];
        foreach (var (name, suffix) in Names(path))
        {
            if (!FileStat.TryOf(name, out var seen) || !seen.IsRegular) continue;

            SafeFileHandle file;
            try
            {
                file = FileStat.Open(name);
            }
            catch (Exception error) when (error is IOException || (error is UnauthorizedAccessException && name != path))
            {
                // Gone or renamed since it was listed, or none of our business.
                continue;
            }
            catch (UnauthorizedAccessException error)
            {
                Dispose();
                throw new SourceException($"Log file '{path}' cannot be read: this user may not. Change its mode, or run as a user who may read it.", error);
            }

            var length = FileIdentity.ReadHead(file, head);
            _members.Add(new Member(name, suffix, file, FileStat.Of(file), head[..length]));
        }

        Sort();
    }

    /// <summary>Finds the file of each generation: by number and fingerprint first, then, where it was copied, by fingerprint alone.</summary>
    /// <param name="generations">Those known, oldest first.</param>
    /// <param name="ignored">Files that are none of ours, or were read to their end long ago.</param>
    public void Recognise(IReadOnlyList<Generation> generations, IReadOnlyCollection<FileIdentity> ignored)
    {
        // A file written anew in place may even begin with the same bytes: the old life is not looked for under its number. A file that was cut off holds two lives.
        foreach (var member in _members)
        {
            member.Generations.AddRange(generations.Where(generation => !generation.IsReplaced && generation.Identity.IsFile(member.Stat, member.Head)));
            member.IsIgnored = member.Generations.Count == 0 && ignored.Any(identity => identity.IsFile(member.Stat, member.Head));
        }

        foreach (var generation in generations)
        {
            if ((generation.File is not null && !generation.IsReplaced) || generation.Identity.HeadLength == 0 || _members.Exists(member => member.Generations.Contains(generation))) continue;

            _members.Find(member => member is { IsIgnored: false, Generations.Count: 0 } && (member.Suffix.Length > 0 || !generation.IsReplaced) && generation.Identity.HasHead(member.Head))
                ?.Generations.Add(generation);
        }
    }

    /// <summary>Opens the file of a generation, if there is one.</summary>
    public SafeFileHandle? Open(Generation generation)
    {
        if (_members.Find(member => member.Generations.Contains(generation)) is not { } member) return null;

        try
        {
            var file = FileStat.Open(member.Name);
            if (FileStat.Of(file).IsSameFile(member.Stat.Device, member.Stat.Inode)) return file;
            file.Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Renamed since it was listed: as if it had not been found.
        }

        return null;
    }

    /// <summary>The files that came after the generation, oldest first; those with nothing in them yet are left out. After none: all that are not ignored. They are the caller's to close.</summary>
    public IReadOnlyList<(string Name, SafeFileHandle File)> TakeAfter(Generation? generation)
    {
        var place = generation is null ? -1 : _members.FindIndex(member => member.Generations.Contains(generation));
        // Where its file is gone its time tells what is younger. The file of the log's own name always is.
        return [.. _members
            .Where((member, index) => member is { IsIgnored: false, Generations.Count: 0, Stat.Length: > 0 }
                && (generation is null || (place >= 0 ? index > place : member.Suffix.Length == 0 || member.Stat.Modified >= generation.Modified)))
            .Select(member => (member.Name, member.TakeFile()))];
    }

    public void Dispose()
    {
        foreach (var member in _members) member.File?.Dispose();
    }

    /// <summary>The path itself, with no suffix, and the names beside it that add a number or a date at the end or before the extension.</summary>
    private static IEnumerable<(string Name, string Suffix)> Names(string path)
    {
        yield return (path, "");
        var directory = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(directory)) yield break;

        var name = Path.GetFileName(path);
        var (stem, extension) = (Path.GetFileNameWithoutExtension(path), Path.GetExtension(path));
        foreach (var sibling in Directory.EnumerateFiles(directory, stem + "*"))
        {
            var other = Path.GetFileName(sibling);
            var suffix = other.StartsWith(name, StringComparison.Ordinal) ? other[name.Length..]
                : extension.Length > 0 && other.EndsWith(extension, StringComparison.Ordinal) && other.Length > name.Length ? other[stem.Length..^extension.Length]
                : "";
            if (suffix.Length > 1 && suffix[0] is '.' or '-' or '_' && char.IsAsciiDigit(suffix[1]) && suffix.All(c => char.IsAsciiDigit(c) || c is '.' or '-' or '_' or ':' or 'T')) yield return (sibling, suffix);
        }
    }

    private static bool IsNumber(Member member) => member.Suffix.Length is > 1 and <= 5 && int.TryParse(member.Suffix.AsSpan(1), out _);

    /// <summary>Oldest first: numbers count down, dates count up, and where there are both the time of the last write decides.</summary>
    private void Sort()
    {
        var rotated = _members.Where(member => member.Suffix.Length > 0).ToList();
        IEnumerable<Member> ordered = rotated.All(IsNumber) ? rotated.OrderByDescending(member => int.Parse(member.Suffix.AsSpan(1), provider: null))
            : rotated.Exists(IsNumber) ? rotated.OrderBy(member => member.Stat.Modified)
            : rotated.OrderBy(member => member.Suffix, StringComparer.Ordinal);
        List<Member> all = [.. ordered, .. _members.Where(member => member.Suffix.Length == 0)];
        _members.Clear();
        _members.AddRange(all);
    }

    private sealed class Member(string name, string suffix, SafeFileHandle file, FileStat stat, byte[] head)
    {
        public string Name { get; } = name;

        public string Suffix { get; } = suffix;

        public SafeFileHandle? File { get; private set; } = file;

        public FileStat Stat { get; } = stat;

        public byte[] Head { get; } = head;

        public List<Generation> Generations { get; } = [];

        public bool IsIgnored { get; set; }

        public SafeFileHandle TakeFile()
        {
            var taken = File!;
            File = null;
            return taken;
        }
    }
}
