using System.Security.Cryptography.X509Certificates;
using Grains.Streams.Kafka;
using Grains.Testing;
using Xunit;

namespace Grains.Tests.Server.Kafka;

/// <summary>Brokers that speak TLS only: to clients with a certificate, or to users with a password.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly KafkaServer _kafka;
    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _authority = TestCertificates.Authority("authority");

    public TlsTests(KafkaServer kafka)
    {
        _kafka = kafka;
        using var broker = TestCertificates.Signed("localhost", _authority);
        using var client = TestCertificates.Signed("client", _authority);
        using var stranger = TestCertificates.Authority("stranger");
        File.WriteAllText(Authorities, _authority.ExportCertificatePem() + "\n");
        File.WriteAllText(Strangers, stranger.ExportCertificatePem() + "\n");
        File.WriteAllText(BrokerKeys, broker.KeyPem() + "\n" + broker.ExportCertificatePem() + "\n");
        File.WriteAllText(ClientCertificate, client.ExportCertificatePem() + "\n");
        File.WriteAllText(ClientKey, client.KeyPem() + "\n");
    }

    private string Authorities => _folder.File("authorities.pem");

    private string Strangers => _folder.File("strangers.pem");

    private string BrokerKeys => _folder.File("broker.pem");

    private string ClientCertificate => _folder.File("client.pem");

    private string ClientKey => _folder.File("client-key.pem");

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_certificate_is_shown_and_asked_for()
    {
        await using var brokers = await OwnBrokers.StartAsync(_kafka.Script, "--port", "29692");
        await brokers.TopicAsync("secure", 1, 1);
        await brokers.ReconfigureAsync(settings => Secure(settings, "PLAINTEXT", "SSL") + "ssl.client.auth=required\n");

        await AssertCountedAsync(brokers.Bootstrap, new KafkaSecurityOptions { Transport = KafkaTransport.Tls, AuthorityFile = Authorities, CertificateFile = ClientCertificate, KeyFile = ClientKey });

        await AssertRefusedAsync(brokers.Bootstrap, new KafkaSecurityOptions());
        await AssertRefusedAsync(brokers.Bootstrap, new KafkaSecurityOptions { Transport = KafkaTransport.Tls, AuthorityFile = Authorities });
        Assert.Contains(
            "TLS fails: ",
            await AssertRefusedAsync(brokers.Bootstrap, new KafkaSecurityOptions { Transport = KafkaTransport.Tls, AuthorityFile = Strangers, CertificateFile = ClientCertificate, KeyFile = ClientKey }),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_asked_for_behind_a_certificate()
    {
        await using var brokers = await OwnBrokers.StartAsync(_kafka.Script, "--port", "29792", "--sasl", "alice:secret");
        await brokers.TopicAsync("secure", 1, 1);
        await brokers.ReconfigureAsync(settings => Secure(settings, "SASL_PLAINTEXT", "SASL_SSL"));

        await AssertCountedAsync(brokers.Bootstrap, new KafkaSecurityOptions { Transport = KafkaTransport.SaslTls, AuthorityFile = Authorities, UserName = "alice", Password = "secret" });

        Assert.Contains(
            "They refuse the user: ",
            await AssertRefusedAsync(brokers.Bootstrap, new KafkaSecurityOptions { Transport = KafkaTransport.SaslTls, AuthorityFile = Authorities, UserName = "alice", Password = "guess" }),
            StringComparison.Ordinal);
        await AssertRefusedAsync(brokers.Bootstrap, new KafkaSecurityOptions { Transport = KafkaTransport.SaslPlaintext, UserName = "alice", Password = "secret" });
    }

    private string Secure(string settings, string before, string after)
    {
        Assert.Contains($"CLIENT:{before}\n", settings, StringComparison.Ordinal);
        return settings.Replace($"CLIENT:{before}\n", $"CLIENT:{after}\n", StringComparison.Ordinal)
            + $"\nssl.keystore.type=PEM\nssl.keystore.location={BrokerKeys}\nssl.truststore.type=PEM\nssl.truststore.location={Authorities}\n";
    }

    private static async Task AssertCountedAsync(string bootstrap, KafkaSecurityOptions security)
    {
        var options = TallySilo.Options(bootstrap, "secure");
        options.Security = security;
        var expected = new Expected();
        await Lines.SendAsync(options, expected);
        await using var silo = TallySilo.Start(options);
        await silo.UntilAsync(() => TallySilo.Tallies(silo.Storage).GetValueOrDefault("k") == expected.Tallies["k"], expected.Tallies["k"]);
    }

    private static async Task<string> AssertRefusedAsync(string bootstrap, KafkaSecurityOptions security)
    {
        var options = TallySilo.Options(bootstrap, "secure");
        options.Security = security;
        var finding = Assert.Single(await KafkaDoctor.ExamineAsync(options, TestContext.Current.CancellationToken));
        Assert.Equal((KafkaFindingSeverity.Fault, "brokers"), (finding.Severity, finding.Subject));
        return finding.Found;
    }
}
