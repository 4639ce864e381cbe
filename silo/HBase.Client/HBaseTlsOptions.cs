using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace HBase.Client;

/// <summary>TLS as HBase 2.6 and later speaks it: from the first byte, on the usual port. The server's name is always checked.</summary>
public sealed class HBaseTlsOptions
{
    /// <summary>The client's certificate with its key; servers ask for one unless told otherwise (<c>hbase.server.netty.tls.client.auth.mode</c>).</summary>
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>Authorities to trust instead of the machine's; empty by default: the machine's.</summary>
    public X509Certificate2Collection TrustedRoots { get; } = [];

    /// <summary>The name that certificates must be for; null, the default: the host name by which the server is addressed.</summary>
    public string? ServerName { get; set; }

    /// <summary>Versions of TLS; 1.2 and 1.3 by default.</summary>
    public SslProtocols Protocols { get; set; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>Whether and where to look for revoked certificates; not by default.</summary>
    public X509RevocationMode Revocation { get; set; } = X509RevocationMode.NoCheck;

    internal SslClientAuthenticationOptions For(HBaseEndpoint server)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = ServerName ?? server.Host,
            EnabledSslProtocols = Protocols,
            CertificateRevocationCheckMode = Revocation,
        };
        if (ClientCertificate is not null) options.ClientCertificates = [ClientCertificate];
        if (TrustedRoots.Count > 0)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = Revocation };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(TrustedRoots);
        }

        return options;
    }
}
