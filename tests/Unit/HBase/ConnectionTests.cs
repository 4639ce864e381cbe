using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grains.Testing.HBase;
using HBase.Client;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Grains.Tests.Unit.HBase;

/// <summary>What happens before the first call: TLS, authentication, refusals.</summary>
public sealed class ConnectionTests : IAsyncDisposable
{
    private readonly FakeCluster _cluster = new(servers: 1);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly X509Certificate2 _authority = Certificate("authority", null);

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _authority.Dispose();
    }

    [Fact]
    public async Task Tls_with_a_client_certificate_carries_calls()
    {
        using var serverCertificate = Certificate("hbase.test", _authority);
        using var clientCertificate = Certificate("someone", _authority);
        _cluster.Secure(serverCertificate, requireClientCertificate: true);
        var tls = new HBaseTlsOptions { ClientCertificate = clientCertificate, ServerName = "hbase.test", TrustedRoots = { _authority } };
        await using var client = new HBaseClient(new HBaseClientOptions { Masters = _cluster.Masters, Tls = tls }, _time);

        Assert.Equal("fake", await client.Admin.GetClusterIdAsync());
        Assert.Equal("CN=someone", _cluster.LastClientCertificate);
    }

    [Theory]
    [InlineData("other.test", true)]
    [InlineData("hbase.test", false)]
    public async Task A_certificate_for_another_name_or_of_another_authority_is_refused(string name, bool trusted)
    {
        using var serverCertificate = Certificate("hbase.test", _authority);
        using var other = Certificate("authority", null);
        _cluster.Secure(serverCertificate, requireClientCertificate: false);
        var tls = new HBaseTlsOptions { ServerName = name, TrustedRoots = { trusted ? _authority : other } };
        await using var client = new HBaseClient(new HBaseClientOptions { Masters = _cluster.Masters, Tls = tls }, _time);

        var error = await Assert.ThrowsAsync<HBaseException>(() => client.Admin.GetClusterIdAsync());

        Assert.Equal(HBaseFailure.Unavailable, error.Failure);
        Assert.Empty(_cluster.Requests);
    }

    [Fact]
    public async Task A_server_that_refuses_the_connection_is_not_asked_again()
    {
        _cluster.Refusal = "org.apache.hadoop.hbase.ipc.BadAuthException";
        await using var client = new HBaseClient(new HBaseClientOptions { Masters = _cluster.Masters }, _time);

        var error = await Assert.ThrowsAsync<HBaseException>(() => _time.DriveAsync(client.GetTable("t").GetAsync(new Get("k")).AsTask()));

        Assert.Equal(HBaseFailure.AccessDenied, error.Failure);
        Assert.Contains("after 1 attempt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authenticator_is_asked_for_each_connection()
    {
        var authenticator = new Counting();
        await using var client = new HBaseClient(new HBaseClientOptions { Masters = _cluster.Masters, Authenticator = authenticator }, _time);

        Assert.Equal("fake", await client.Admin.GetClusterIdAsync());
        Assert.Equal([_cluster.Endpoint(0)], authenticator.Servers);
    }

    [Fact]
    public async Task A_caller_that_blocks_where_answers_are_read_is_relieved()
    {
        _cluster.CreateTable("t", ["f"]);
        await using var client = new HBaseClient(new HBaseClientOptions { Masters = _cluster.Masters, CallTimeout = TimeSpan.FromSeconds(20) });
        var table = client.GetTable("t");
        await table.PutAsync(new Put("k").Add("f", "q", "1"));

        // What follows an answer runs on the thread that reads, unless it was slow of late, as all is at the start. There nobody else can bring what is waited for.
        async Task<bool> BlockAsync()
        {
            for (var i = 0; i < 5000 && !IsReader(); i++) await table.GetAsync(new Get("k")).ConfigureAwait(false);
            Assert.True(IsReader());
#pragma warning disable xUnit1031 // Blocking is what is tested.
            return table.GetAsync(new Get("k")).AsTask().Wait(TimeSpan.FromSeconds(10));
#pragma warning restore xUnit1031
        }

        static bool IsReader() => Thread.CurrentThread.Name?.StartsWith("HBase ", StringComparison.Ordinal) == true;

        Assert.True(await Task.Run(BlockAsync));
        Assert.Equal(1, (await table.GetAsync(new Get("k"))).Count);
    }

    [Fact]
    public async Task Nobody_listening_is_said_with_the_address()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = listener.LocalEndpoint.ToString()!;
        listener.Stop();
        await using var client = new HBaseClient(new HBaseClientOptions { Masters = endpoint }, _time);

        var error = await Assert.ThrowsAsync<HBaseException>(() => client.Admin.GetClusterIdAsync());

        Assert.Equal(HBaseFailure.Unavailable, error.Failure);
        Assert.Contains(endpoint, error.Message, StringComparison.Ordinal);
    }

    private static X509Certificate2 Certificate(string name, X509Certificate2? issuer)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var (from, to) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(30));
        using var made = issuer is null ? request.CreateSelfSigned(from, to.AddDays(1)) : request.Create(issuer, from, to, RandomNumberGenerator.GetBytes(8));
        using var whole = issuer is null ? null : made.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12((whole ?? made).Export(X509ContentType.Pfx), null);
    }

    private sealed class Counting : IHBaseAuthenticator
    {
        public List<HBaseEndpoint> Servers { get; } = [];

        public byte Method => 0x50;

        public string? EffectiveUser => "someone";

        public ValueTask<Stream> AuthenticateAsync(Stream stream, HBaseEndpoint server, CancellationToken cancellationToken)
        {
            Servers.Add(server);
            return ValueTask.FromResult(stream);
        }
    }
}
