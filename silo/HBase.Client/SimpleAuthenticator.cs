namespace HBase.Client;

/// <summary>Says a user name and proves nothing, which is what an HBase without Kerberos expects.</summary>
/// <param name="user">The user that calls act for.</param>
public sealed class SimpleAuthenticator(string user) : IHBaseAuthenticator
{
    /// <inheritdoc/>
    public byte Method => 0x50;

    /// <inheritdoc/>
    public string? EffectiveUser => user;

    /// <inheritdoc/>
    public ValueTask<Stream> AuthenticateAsync(Stream stream, HBaseEndpoint server, CancellationToken cancellationToken) => ValueTask.FromResult(stream);
}
