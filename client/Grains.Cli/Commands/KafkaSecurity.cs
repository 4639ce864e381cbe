using System.CommandLine;
using Grains.Streams.Kafka;

namespace Grains.Cli.Commands;

/// <summary>How the brokers are spoken to: a silo's settings <c>Kafka:Security:…</c> under the same names, by <c>--set</c> or from the environment.</summary>
internal static class KafkaSecurity
{
    private const string Section = "Kafka:Security:";

    private static readonly string[] Names = [.. Enum.GetNames<Setting>()];

    private enum Setting
    {
        Transport,
        Mechanism,
        UserName,
        Password,
        AuthorityFile,
        CertificateFile,
        KeyFile,
        KeyPassword,
    }

    public static Option<string[]> Option() => new("--set")
    {
        Description = $"How the brokers are spoken to, as a silo is told it: {Section}Transport=SaslTls; also {string.Join(", ", Names[1..])}. May be given more than once. A password is better kept in the environment: Grains__Kafka__Security__Password",
        HelpName = "NAME=VALUE",
    };

    /// <summary>Takes what the environment says, then what the command line says.</summary>
    /// <exception cref="CommandFailure">A name or value is none.</exception>
    public static void Apply(KafkaSecurityOptions security, string[] pairs, Func<string, string?> environment)
    {
        foreach (var setting in Enum.GetValues<Setting>())
        {
            if (environment($"Grains__Kafka__Security__{setting}") is { Length: > 0 } value) Set(security, setting, value);
        }

        foreach (var pair in pairs)
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? pair : pair[..equals];
            if (equals < 0 || !name.StartsWith(Section, StringComparison.OrdinalIgnoreCase) || !IsDefined(name[Section.Length..], out Setting setting))
            {
                throw new CommandFailure(ExitCode.Usage, $"--set {name} is no setting of the brokers'. They are {Section}NAME=VALUE with {string.Join(", ", Names)}.");
            }

            Set(security, setting, pair[(equals + 1)..]);
        }
    }

    private static void Set(KafkaSecurityOptions security, Setting setting, string value)
    {
        switch (setting)
        {
            case Setting.Transport:
                security.Transport = Parse<KafkaTransport>(setting, value);
                break;
            case Setting.Mechanism:
                security.Mechanism = Parse<KafkaSaslMechanism>(setting, value);
                break;
            case Setting.UserName:
                security.UserName = value;
                break;
            case Setting.Password:
                security.Password = value;
                break;
            case Setting.AuthorityFile:
                security.AuthorityFile = value;
                break;
            case Setting.CertificateFile:
                security.CertificateFile = value;
                break;
            case Setting.KeyFile:
                security.KeyFile = value;
                break;
            default:
                security.KeyPassword = value;
                break;
        }
    }

    private static T Parse<T>(Setting setting, string value)
        where T : struct, Enum
        => IsDefined(value, out T parsed) ? parsed : throw new CommandFailure(ExitCode.Usage, $"{Section}{setting} is '{value}'; it must be one of {string.Join(", ", Enum.GetNames<T>())}.");

    // Numbers would be taken too, by Enum.
    private static bool IsDefined<T>(string name, out T value)
        where T : struct, Enum
        => Enum.TryParse(name, ignoreCase: true, out value) && Enum.GetNames<T>().Contains(name, StringComparer.OrdinalIgnoreCase);
}
