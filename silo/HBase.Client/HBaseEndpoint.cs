using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace HBase.Client;

/// <summary>Where a server listens, as it says of itself: this machine must be able to resolve the host names that servers advertise.</summary>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">TCP port.</param>
public readonly record struct HBaseEndpoint(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c>, or <c>host</c> with the port given; an IPv6 address stands in brackets.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, int defaultPort, out HBaseEndpoint endpoint)
    {
        endpoint = default;
        if (string.IsNullOrWhiteSpace(text)) return false;

        var host = text.Trim();
        var port = defaultPort;
        var colon = host.LastIndexOf(':');
        if (colon > host.LastIndexOf(']'))
        {
            if (!int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)) return false;
            host = host[..colon];
        }

        if (host.Length == 0 || port is < 1 or > ushort.MaxValue) return false;

        endpoint = new HBaseEndpoint(host.Trim('[', ']'), port);
        return true;
    }

    /// <summary><c>host:port</c>.</summary>
    public override string ToString() => Host?.Contains(':', StringComparison.Ordinal) == true ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
