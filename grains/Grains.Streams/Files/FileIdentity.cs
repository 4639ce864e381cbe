using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Grains.Streams.Files;

/// <summary>By what a file is known again under another name: its number on its device, and a fingerprint of its first bytes.</summary>
/// <remarks>The number alone is not enough, for it is used again; the fingerprint alone is, where the file was copied.</remarks>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, int HeadLength, ulong HeadHash)
{
    /// <summary>How much of a file the fingerprint covers, where the file has as much.</summary>
    public const int MaxHead = 1_024;

    public static FileIdentity Of(in FileStat stat, ReadOnlySpan<byte> head) => new(stat.Device, stat.Inode, head.Length, XxHash3.HashToUInt64(head));

    public static FileIdentity Of(SafeFileHandle file)
    {
        Span<byte> head = stackalloc byte[MaxHead];
        var length = ReadHead(file, head);
        return Of(FileStat.Of(file), head[..length]);
    }

    public bool IsFile(in FileStat stat, ReadOnlySpan<byte> head) => stat.IsSameFile(Device, Inode) && HasHead(head);

    public bool HasHead(ReadOnlySpan<byte> head) => head.Length >= HeadLength && XxHash3.HashToUInt64(head[..HeadLength]) == HeadHash;

    /// <summary>Reads the first bytes, up to the length of <paramref name="head"/>.</summary>
    public static int ReadHead(SafeFileHandle file, Span<byte> head)
    {
        var length = 0;
        while (length < head.Length && RandomAccess.Read(file, head[length..], length) is > 0 and var read) length += read;
        return length;
    }
}
