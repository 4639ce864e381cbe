namespace Grains.Weblog.Lines;

/// <summary>The fields of one line, as slices of it, not yet looked at.</summary>
internal ref struct LineFields
{
    public ReadOnlySpan<byte> Address;
    public ReadOnlySpan<byte> Time;
    public ReadOnlySpan<byte> Method;
    public ReadOnlySpan<byte> Target;
    public int Status;
    public ReadOnlySpan<byte> Referrer;
    public ReadOnlySpan<byte> Agent;

    /// <summary>Reads <c>200</c>; -1 if it is not three digits.</summary>
    public static int ReadStatus(ReadOnlySpan<byte> digits)
    {
        if (digits.Length != 3) return -1;

        var (hundreds, tens, ones) = (digits[0] - '0', digits[1] - '0', digits[2] - '0');
        return (uint)hundreds <= 9 && (uint)tens <= 9 && (uint)ones <= 9 ? (hundreds * 100) + (tens * 10) + ones : -1;
    }

    /// <summary>Splits <c>GET /class/112.html HTTP/1.1</c> at its first two spaces. No token has white space of another kind in it.</summary>
    public bool TryReadRequest(ReadOnlySpan<byte> request)
    {
        var method = request.IndexOf((byte)' ');
        if (method <= 0) return false;

        var rest = request[(method + 1)..];
        var target = rest.IndexOf((byte)' ');
        if (target <= 0 || request[..(method + 1 + target)].ContainsAnyInRange((byte)'\t', (byte)'\r')) return false;

        Method = request[..method];
        Target = rest[..target];
        return true;
    }
}
