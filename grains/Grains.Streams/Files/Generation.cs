using Microsoft.Win32.SafeHandles;

namespace Grains.Streams.Files;

/// <summary>The life of one file of a log, from its first byte to its last.</summary>
internal sealed class Generation(long number, long start, FileIdentity identity) : IDisposable
{
    private readonly byte[] _head = new byte[FileIdentity.MaxHead];

    /// <summary>Counted from 1.</summary>
    public long Number { get; } = number;

    /// <summary>Where its records begin: 0, or where a file was cut off.</summary>
    public long Start { get; } = start;

    public FileIdentity Identity { get; private set; } = identity;

    /// <summary>Where its records end, once that is settled; -1 before.</summary>
    public long End { get; set; } = -1;

    /// <summary>The greatest length seen.</summary>
    public long Seen { get; set; }

    /// <summary>When it was last written, as last seen: nanoseconds since 1970.</summary>
    public long Modified { get; set; }

    /// <summary>The open file; null where there is none that holds it any more.</summary>
    public SafeFileHandle? File { get; private set; }

    /// <summary>Other bytes stand where it stood: its file was written anew in place.</summary>
    public bool IsReplaced { get; set; }

    public bool GapReported { get; set; }

    public FilePosition At(long offset) => new(Number, offset);

    /// <summary>Takes an open file as the one to read it from.</summary>
    public void Attach(SafeFileHandle file)
    {
        File?.Dispose();
        File = file;
        IsReplaced = false;
        var length = FileIdentity.ReadHead(file, _head);
        var stat = FileStat.Of(file);
        Identity = FileIdentity.Of(stat, _head.AsSpan(0, length));
        Note(stat);
    }

    public void Detach()
    {
        File?.Dispose();
        File = null;
    }

    /// <summary>Whether bytes just read are of this life of the file, and not of what was written over it.</summary>
    /// <param name="offset">Where the bytes were read.</param>
    /// <param name="block">The bytes; empty to ask about the file as it is.</param>
    /// <remarks>
    /// Order matters: the head is looked at after the block was read. Whoever writes a file anew begins at its head; if the head is still ours, so was the block. A head shorter than 1,024 bytes grows with the file.
    /// </remarks>
    public bool Owns(long offset, ReadOnlySpan<byte> block)
    {
        Span<byte> now = stackalloc byte[FileIdentity.MaxHead];
        var stat = FileStat.Of(File!);
        var length = FileIdentity.ReadHead(File!, now[..(int)Math.Min(FileIdentity.MaxHead, Math.Max(Identity.HeadLength, offset + block.Length))]);
        var known = Identity.HeadLength;
        if (length < known || !now[..known].SequenceEqual(_head.AsSpan(0, known))) return false;
        if (stat.Length < offset + block.Length) return false;
        if (offset < length)
        {
            var overlap = (int)Math.Min(block.Length, length - offset);
            if (!now.Slice((int)offset, overlap).SequenceEqual(block[..overlap])) return false;
        }

        if (length > known)
        {
            now[known..length].CopyTo(_head.AsSpan(known));
            Identity = FileIdentity.Of(stat, now[..length]);
        }

        Note(stat);
        return true;
    }

    /// <summary>Whether the file still begins as it did, however long it is now.</summary>
    public bool HasItsHead()
    {
        Span<byte> now = stackalloc byte[FileIdentity.MaxHead];
        var length = FileIdentity.ReadHead(File!, now[..Identity.HeadLength]);
        return length == Identity.HeadLength && now[..length].SequenceEqual(_head.AsSpan(0, length));
    }

    public void Dispose() => Detach();

    private void Note(in FileStat stat)
    {
        Seen = Math.Max(Seen, stat.Length);
        Modified = stat.Modified;
    }
}
