namespace HBase.Client;

/// <summary>How a connection proves who it is: the seam for SASL (Kerberos). One instance serves all connections.</summary>
public interface IHBaseAuthenticator
{
    /// <summary>Last byte of the preamble: 0x50 simple, 0x51 Kerberos (GSSAPI), 0x52 token (DIGEST-MD5).</summary>
    byte Method { get; }

    /// <summary>The user that calls act for; null where the exchange itself says it.</summary>
    string? EffectiveUser { get; }

    /// <summary>Does the exchange that follows the preamble.</summary>
    /// <param name="stream">The connection, after TLS and after the preamble.</param>
    /// <param name="server">The server, as it was addressed.</param>
    /// <param name="cancellationToken">Ends at the connect deadline.</param>
    /// <returns>The stream on which calls go: the same one, or one that wraps it (integrity, privacy).</returns>
    /// <exception cref="HBaseException">The server or the client does not accept; <see cref="HBaseFailure.AccessDenied"/>.</exception>
    ValueTask<Stream> AuthenticateAsync(Stream stream, HBaseEndpoint server, CancellationToken cancellationToken);
}
