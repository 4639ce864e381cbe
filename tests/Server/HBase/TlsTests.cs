using System.Security.Cryptography.X509Certificates;
using Grains.Testing;
using Grains.Testing.HBase;
using HBase.Client;
using Xunit;

namespace Grains.Tests.Server.HBase;

/// <summary>A real HBase that takes TLS only, and only from clients with a certificate.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _authority = TestCertificates.Authority("authority");

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Calls_are_carried_over_tls_and_refused_without_it_or_without_a_certificate()
    {
        BesideRepository.Require(LocalHBase.IsAvailable, "../shared/servers/hbase or java is not there");
        using var certificate = TestCertificates.Signed("localhost", _authority);
        using var stranger = TestCertificates.Authority("stranger");
        await File.WriteAllTextAsync(_folder.File("key.pem"), certificate.ExportCertificatePem() + "\n" + certificate.KeyPem() + "\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.File("trust.pem"), _authority.ExportCertificatePem() + "\n", TestContext.Current.CancellationToken);
        await using var hbase = await LocalHBase.StartAsync(
            0, "hbase.server.netty.tls.enabled=true", "hbase.client.netty.tls.enabled=true", "hbase.server.netty.tls.supportplaintext=false", "hbase.server.netty.tls.client.auth.mode=NEED",
            $"hbase.rpc.tls.keystore.location={_folder.File("key.pem")}", "hbase.rpc.tls.keystore.type=PEM", $"hbase.rpc.tls.truststore.location={_folder.File("trust.pem")}", "hbase.rpc.tls.truststore.type=PEM");

        await using (var client = Connect(hbase, new HBaseTlsOptions { TrustedRoots = { _authority }, ClientCertificate = certificate }))
        {
            var table = await RealHBase.MakeTableAsync(client, "secure", "k");
            var large = new byte[300_000];
            new Random(1).NextBytes(large);
            await table.PutAsync(new Put("a").Add("f", "q", "value"));
            await Task.WhenAll(Enumerable.Range(0, 200).Select(i => table.PutAsync(new Put($"k{i:d3}").Add("f"u8.ToArray(), "q"u8.ToArray(), large.AsMemory(0, i * 1000))).AsTask()));

            Assert.Equal("a\tf:q\t*\tvalue", Line(await hbase.RunAsync("tool", "get", "secure", "a")));
            Assert.True((await table.GetAsync(new Get("k199"))).TryGetValue("f"u8, "q"u8, out var read));
            Assert.Equal(large[..199_000], read.ToArray());
        }

        await RefusedAsync(hbase, null);
        await RefusedAsync(hbase, new HBaseTlsOptions { TrustedRoots = { _authority } });
        await RefusedAsync(hbase, new HBaseTlsOptions { TrustedRoots = { _authority }, ClientCertificate = stranger });
        await RefusedAsync(hbase, new HBaseTlsOptions { TrustedRoots = { stranger }, ClientCertificate = certificate });
    }

    private static async Task RefusedAsync(LocalHBase hbase, HBaseTlsOptions? tls)
    {
        await using var client = Connect(hbase, tls, seconds: 2);
        await Assert.ThrowsAsync<HBaseException>(async () => await client.GetTable("secure").GetAsync(new Get("a")));
    }

    private static HBaseClient Connect(LocalHBase hbase, HBaseTlsOptions? tls, int seconds = 60) =>
        new(new HBaseClientOptions { Masters = hbase.Masters, Tls = tls, OperationTimeout = TimeSpan.FromSeconds(seconds) });

    // The time is the server's.
    private static string Line(string output)
    {
        var fields = output.Trim().Split('\t');
        return string.Join('\t', fields[0], fields[1], "*", fields[3]);
    }
}
