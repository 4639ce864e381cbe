using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Grains.Testing;

/// <summary>Certificates for servers and clients of this machine, with their keys.</summary>
public static class TestCertificates
{
    /// <summary>One that vouches for others, and for itself.</summary>
    public static X509Certificate2 Authority(string name) => Make(name, null);

    /// <summary>One of a server or client named so, also good for 127.0.0.1, that the authority vouches for.</summary>
    public static X509Certificate2 Signed(string name, X509Certificate2 authority) => Make(name, authority);

    /// <summary>The private key as PEM, PKCS #8, not encrypted.</summary>
    public static string KeyPem(this X509Certificate2 certificate)
    {
        using var key = certificate.GetRSAPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static X509Certificate2 Make(string name, X509Certificate2? issuer)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var (from, to) = (DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(79));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null, false, 0, true));
        if (issuer is null) return request.CreateSelfSigned(from, to);

        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(issuer, from, to, RandomNumberGenerator.GetBytes(16));
        return signed.CopyWithPrivateKey(key);
    }
}
