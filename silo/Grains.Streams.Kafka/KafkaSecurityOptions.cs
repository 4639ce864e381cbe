namespace Grains.Streams.Kafka;

/// <summary>How clients prove who they are, and brokers too.</summary>
public sealed class KafkaSecurityOptions
{
    /// <summary>How a client speaks to the brokers. Default in the clear. It must be what the broker's listener speaks: otherwise no connection comes about, and the log says "disconnected".</summary>
    public KafkaTransport Transport { get; set; } = KafkaTransport.Plaintext;

    /// <summary>With a SASL transport: how the password is proved. Default SCRAM-SHA-512. The brokers must have the user for this mechanism.</summary>
    public KafkaSaslMechanism Mechanism { get; set; } = KafkaSaslMechanism.ScramSha512;

    /// <summary>With a SASL transport: the user. No default.</summary>
    public string? UserName { get; set; }

    /// <summary>With a SASL transport: the password. No default. It is never logged. Keep it in a file or variable, not in a settings file under version control.</summary>
    public string? Password { get; set; }

    /// <summary>With TLS: a PEM file of the authorities that may vouch for a broker. Default: those of the machine. Too few: connections fail; too many: a stranger may pose as a broker.</summary>
    public string? AuthorityFile { get; set; }

    /// <summary>With TLS: a PEM file of the client's certificate, where brokers ask for one. Default none.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>With TLS: a PEM file of the certificate's private key. Default none.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The password of <see cref="KeyFile"/>. Default none. It is never logged.</summary>
    public string? KeyPassword { get; set; }

    internal bool IsSasl => Transport is KafkaTransport.SaslPlaintext or KafkaTransport.SaslTls;

    internal bool IsTls => Transport is KafkaTransport.Tls or KafkaTransport.SaslTls;

    /// <summary>Every fault of these settings, in sentences; empty where there is none.</summary>
    public IEnumerable<string> Faults()
    {
        if (!Enum.IsDefined(Transport)) yield return $"Security.Transport is {Transport}; it must be Plaintext, Tls, SaslPlaintext or SaslTls (default Plaintext).";
        if (!Enum.IsDefined(Mechanism)) yield return $"Security.Mechanism is {Mechanism}; it must be Plain, ScramSha256 or ScramSha512 (default ScramSha512).";
        if (IsSasl && string.IsNullOrEmpty(UserName)) yield return $"Security.UserName is empty; {Transport} needs a user.";
        if (IsSasl && string.IsNullOrEmpty(Password)) yield return $"Security.Password is empty; {Transport} needs a password.";
        if (!IsSasl && UserName is not null) yield return $"Security.UserName is set; it has no effect with {Transport}: set Transport to SaslTls or SaslPlaintext.";
        if (!IsTls && (AuthorityFile ?? CertificateFile ?? KeyFile) is not null) yield return $"Security names certificate files; they have no effect with {Transport}: set Transport to Tls or SaslTls.";
        if (CertificateFile is null != KeyFile is null) yield return "Security.CertificateFile and Security.KeyFile belong together; one of them is missing.";
        foreach (var (name, file) in new[] { (nameof(AuthorityFile), AuthorityFile), (nameof(CertificateFile), CertificateFile), (nameof(KeyFile), KeyFile) })
        {
            if (file is not null && !File.Exists(file)) yield return $"Security.{name} is '{file}'; there is no such file.";
        }
    }
}
