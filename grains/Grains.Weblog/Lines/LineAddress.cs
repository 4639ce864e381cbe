using System.Net;

namespace Grains.Weblog.Lines;

/// <summary>What the first field of a line is.</summary>
internal enum AddressKind : byte
{
    /// <summary>Neither an address nor a name.</summary>
    Bad,

    /// <summary>A dotted IPv4 address.</summary>
    V4,

    /// <summary>Might be an IPv6 address: it has a colon.</summary>
    V6,

    /// <summary>The name of a host, or a hyphen: the server looks names up, or does not say.</summary>
    Name,
}

/// <summary>Reads the address of a line.</summary>
internal static class LineAddress
{
    /// <summary>Tells what <paramref name="text"/> is; for <see cref="AddressKind.V4"/> also its number.</summary>
    /// <remarks>Runs per record; allocates nothing.</remarks>
    public static AddressKind Read(ReadOnlySpan<byte> text, out uint v4)
    {
        v4 = 0;
        // 0.0.0.0 to 255.255.255.255
        if (text.Length is < 7 or > 15) return ReadOther(text);

        uint number = 0, part = 0;
        int dots = 0, digits = 0;
        foreach (var b in text)
        {
            var digit = (uint)(b - '0');
            if (digit <= 9)
            {
                part = (part * 10) + digit;
                digits++;
                continue;
            }

            if (b != '.' || digits is 0 or > 3 || part > 255) return ReadOther(text);

            number = (number << 8) | part;
            dots++;
            part = 0;
            digits = 0;
        }

        if (dots != 3 || digits is 0 or > 3 || part > 255) return ReadOther(text);

        v4 = (number << 8) | part;
        return AddressKind.V4;
    }

    /// <summary>Reads an IPv6 address; an IPv4 address that is written as one becomes that.</summary>
    public static IPAddress? ReadV6(ReadOnlySpan<byte> text)
    {
        if (!IPAddress.TryParse(text, out var address)) return null;

        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static AddressKind ReadOther(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'-']) return AddressKind.Name;
        // The longest name of a host has 253 bytes.
        if (text.IsEmpty || text.Length > 253) return AddressKind.Bad;
        if (text.Contains((byte)':')) return AddressKind.V6;

        var letters = 0;
        foreach (var b in text)
        {
            if (char.IsAsciiLetter((char)b)) letters++;
            else if (!char.IsAsciiDigit((char)b) && b is not ((byte)'.' or (byte)'-' or (byte)'_')) return AddressKind.Bad;
        }

        return letters > 0 ? AddressKind.Name : AddressKind.Bad;
    }
}
