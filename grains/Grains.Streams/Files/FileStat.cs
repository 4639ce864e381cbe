using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Grains.Streams.Files;

/// <summary>What the file system knows about a file that its name does not tell.</summary>
/// <param name="Device">The device; 0 where it is not known.</param>
/// <param name="Inode">The file's number on its device; the time it was made where the system has none to offer.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Modified">When it was last written, nanoseconds since 1970.</param>
/// <param name="IsRegular">Whether it is an ordinary file: neither a directory nor a pipe.</param>
internal readonly partial record struct FileStat(ulong Device, ulong Inode, long Length, long Modified, bool IsRegular)
{
    private const int CurrentDirectory = -100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;
    private const int ReadOnly = 0;
    private const int NonBlocking = 0x800;
    private const int CloseOnExecute = 0x80000;
    private const int NoEntry = 2;
    private const int PermissionDenied = 13;
    private const int NotDirectory = 20;
    private const int TypeMask = 0xf000;
    private const int RegularType = 0x8000;

    public bool IsSameFile(ulong device, ulong inode) => Device == device && Inode == inode;

    /// <summary>Opens a file to be read, without standing in the way of whoever writes, renames or removes it.</summary>
    /// <remarks>Not by way of <see cref="File.OpenHandle"/>, which takes a lock on it: writers on .NET that share nothing would fail while we follow.</remarks>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static SafeFileHandle Open(string path)
    {
        if (!OperatingSystem.IsLinux()) return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        var descriptor = OpenFile(path, ReadOnly | CloseOnExecute | NonBlocking);
        if (descriptor >= 0) return new SafeFileHandle(descriptor, ownsHandle: true);

        var error = Marshal.GetLastPInvokeError();
        var why = Marshal.GetPInvokeErrorMessage(error);
        throw error switch
        {
            NoEntry or NotDirectory => new FileNotFoundException(why, path),
            PermissionDenied => new UnauthorizedAccessException(why),
            _ => new IOException(why),
        };
    }

    /// <summary>Looks at the file of a name. False where there is none, or it may not be looked at.</summary>
    public static bool TryOf(string path, out FileStat stat)
    {
        if (OperatingSystem.IsLinux()) return TryStatx(CurrentDirectory, path, 0, out stat);

        var info = new FileInfo(path);
        stat = info.Exists ? new FileStat(0, (ulong)info.CreationTimeUtc.Ticks, info.Length, Nanoseconds(info.LastWriteTimeUtc), true) : default;
        return info.Exists;
    }

    /// <summary>Looks at an open file.</summary>
    public static FileStat Of(SafeFileHandle file)
    {
        if (OperatingSystem.IsLinux() && TryStatx((int)file.DangerousGetHandle(), "", EmptyPath, out var stat)) return stat;
        return new FileStat(0, (ulong)File.GetCreationTimeUtc(file).Ticks, RandomAccess.GetLength(file), Nanoseconds(File.GetLastWriteTimeUtc(file)), true);
    }

    private static long Nanoseconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks * 100;

    private static bool TryStatx(int directory, string path, int flags, out FileStat stat)
    {
        var isThere = Statx(directory, path, flags, BasicStats, out var raw) == 0;
        stat = isThere ? new FileStat(((ulong)raw.DeviceMajor << 32) | raw.DeviceMinor, raw.Inode, raw.Size, (raw.ModifiedSeconds * 1_000_000_000) + raw.ModifiedNanoseconds, (raw.Mode & TypeMask) == RegularType) : default;
        return isThere;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out RawStat stat);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenFile(string path, int flags);

    /// <summary>struct statx of Linux: the same on every architecture (man 2 statx).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct RawStat
    {
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public long Size;
        [FieldOffset(112)] public long ModifiedSeconds;
        [FieldOffset(120)] public uint ModifiedNanoseconds;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }
}
