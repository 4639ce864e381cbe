using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Grains.Weblog.Lines;

/// <summary>Reads the time of a line. One instance a source, for one thread.</summary>
/// <remarks>Lines come in the order of time, nearly: it remembers the last minutes as they were written, and a time within one of them costs a comparison. Runs per record; allocates nothing.</remarks>
internal sealed class LineClock(TimeSpan localOffset)
{
    // [23/Nov/2026:10:15:32 +0000]: everything but the two digits of the second says which minute it is.
    private const int ClfBytes = 26;
    private const int ClfSecond = 18;
    private const int LocalBytes = 19;
    private const int LocalSecond = 17;

    private const long Latest = uint.MaxValue - 59L;

    private readonly Minute[] _minutes = new Minute[16];
    private readonly long _localOffsetSeconds = (long)localOffset.TotalSeconds;

    /// <summary>Reads <c>23/Nov/2026:10:15:32 +0800</c>: seconds since 1970-01-01T00:00:00Z.</summary>
    public bool TryReadClf(ReadOnlySpan<byte> text, out uint seconds)
    {
        seconds = 0;
        if (text.Length != ClfBytes || !TryReadTwo(text, ClfSecond, 59, out var second)) return false;

        // Neighbouring minutes differ in their last digit, and so have places of their own.
        ref var known = ref _minutes[text[16] & 15];
        var head = Vector128.Create(text[..16]);
        // The zone with its space in the upper six bytes, the seconds masked out; the last digit of the minute and the colon below them.
        var tail = (MemoryMarshal.Read<ulong>(text[18..]) & ~0xFFFFUL) | MemoryMarshal.Read<ushort>(text[16..]);
        if (!known.Known || known.Tail != tail || known.Head != head)
        {
            if (!TryReadClfMinute(text, out var start)) return false;

            known = new(head, tail, start, true);
        }

        seconds = known.Start + (uint)second;
        return true;
    }

    /// <summary>Reads <c>2026-11-23 10:15:32</c>, in the offset that the source's options give.</summary>
    public bool TryReadLocal(ReadOnlySpan<byte> text, out uint seconds)
    {
        seconds = 0;
        if (text.Length != LocalBytes || !TryReadTwo(text, LocalSecond, 59, out var second)) return false;

        ref var known = ref _minutes[text[15] & 15];
        var head = Vector128.Create(text[..16]);
        if (!known.Known || known.Tail != text[16] || known.Head != head)
        {
            if (!TryReadLocalMinute(text, out var start)) return false;

            known = new(head, text[16], start, true);
        }

        seconds = known.Start + (uint)second;
        return true;
    }

    private static bool TryReadClfMinute(ReadOnlySpan<byte> text, out uint start)
    {
        start = 0;
        if (text[2] != '/' || text[6] != '/' || text[11] != ':' || text[14] != ':' || text[17] != ':' || text[20] != ' ') return false;
        if (text[21] is not ((byte)'+' or (byte)'-')) return false;
        if (!TryReadTwo(text, 22, 23, out var zoneHours) || !TryReadTwo(text, 24, 59, out var zoneMinutes)) return false;
        if (!TryReadTwo(text, 0, 31, out var day) || !TryReadTwo(text, 7, 99, out var century) || !TryReadTwo(text, 9, 99, out var year)) return false;

        // No place is further than 14 hours from UTC.
        var offset = ((zoneHours * 60) + zoneMinutes) * 60;
        if (offset > 14 * 3600) return false;

        return TryReadMinute(text, 12, (century * 100) + year, MonthNumber(text.Slice(3, 3)), day, text[21] == '-' ? -offset : offset, out start);
    }

    private bool TryReadLocalMinute(ReadOnlySpan<byte> text, out uint start)
    {
        start = 0;
        if (text[4] != '-' || text[7] != '-' || text[10] is not ((byte)' ' or (byte)'T') || text[13] != ':' || text[16] != ':') return false;
        if (!TryReadTwo(text, 0, 99, out var century) || !TryReadTwo(text, 2, 99, out var year)) return false;
        if (!TryReadTwo(text, 5, 12, out var month) || !TryReadTwo(text, 8, 31, out var day)) return false;

        return TryReadMinute(text, 11, (century * 100) + year, month, day, _localOffsetSeconds, out start);
    }

    private static bool TryReadMinute(ReadOnlySpan<byte> text, int hourAt, int year, int month, int day, long offsetSeconds, out uint start)
    {
        start = 0;
        if (!TryReadTwo(text, hourAt, 23, out var hour) || !TryReadTwo(text, hourAt + 3, 59, out var minute)) return false;
        if (year < 1 || month == 0 || day == 0 || day > DateTime.DaysInMonth(year, month)) return false;

        var seconds = new DateTimeOffset(year, month, day, hour, minute, 0, TimeSpan.Zero).ToUnixTimeSeconds() - offsetSeconds;
        if (seconds is < 0 or > Latest) return false;

        start = (uint)seconds;
        return true;
    }

    private static bool TryReadTwo(ReadOnlySpan<byte> text, int at, int most, out int value)
    {
        var (tens, ones) = (text[at] - '0', text[at + 1] - '0');
        value = (tens * 10) + ones;
        return (uint)tens <= 9 && (uint)ones <= 9 && value <= most;
    }

    private static int MonthNumber(ReadOnlySpan<byte> name) => (name[0], name[1], name[2]) switch
    {
        ((byte)'J', (byte)'a', (byte)'n') => 1,
        ((byte)'F', (byte)'e', (byte)'b') => 2,
        ((byte)'M', (byte)'a', (byte)'r') => 3,
        ((byte)'A', (byte)'p', (byte)'r') => 4,
        ((byte)'M', (byte)'a', (byte)'y') => 5,
        ((byte)'J', (byte)'u', (byte)'n') => 6,
        ((byte)'J', (byte)'u', (byte)'l') => 7,
        ((byte)'A', (byte)'u', (byte)'g') => 8,
        ((byte)'S', (byte)'e', (byte)'p') => 9,
        ((byte)'O', (byte)'c', (byte)'t') => 10,
        ((byte)'N', (byte)'o', (byte)'v') => 11,
        ((byte)'D', (byte)'e', (byte)'c') => 12,
        _ => 0,
    };

    private readonly record struct Minute(Vector128<byte> Head, ulong Tail, uint Start, bool Known);
}
