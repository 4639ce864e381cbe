using System.CommandLine;
using Grains.Cli.Checks;
using Grains.Streams.Kafka;
using Spectre.Console;

namespace Grains.Cli.Commands;

/// <summary><c>grains doctor</c>: what is wrong with what a silo needs, why, and what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create(Surroundings surroundings, Option<Uri> server)
    {
        var kafka = KafkaOptions.Brokers(isRequired: false);
        var topic = KafkaOptions.Topic(isRequired: false);
        var group = new Option<string>("--group") { Description = "The consumer group", HelpName = "NAME", DefaultValueFactory = _ => KafkaOptions.DefaultGroup };
        var hbase = new Option<string?>("--hbase") { Description = "HBase's masters", HelpName = "HOST:PORT,…" };
        var postgres = new Option<string?>("--postgres") { Description = "The database in which silos find each other", HelpName = "CONNECTION" };
        var set = KafkaSecurity.Option();
        var command = new Command("doctor", "Check a silo, or with options what it needs: brokers, topic, group and offsets, HBase and its tables, PostgreSQL, its tables and queries; say cause and fix of what is wrong") { kafka, topic, group, set, hbase, postgres };
        command.Validators.Add(result =>
        {
            if (result.GetValue(kafka) is null != result.GetValue(topic) is null) result.AddError("--kafka and --topic go together: the brokers, and the topic on them.");
            if (result.GetValue(kafka) is null && result.GetValue(set) is { Length: > 0 }) result.AddError("--set says how the brokers are spoken to, and there are none: name them with --kafka and --topic.");
        });
        command.SetAction(async (result, cancellationToken) =>
        {
            var findings = new List<Finding>();
            if (result.GetValue(kafka) is { } brokers) findings.AddRange(await KafkaChecks.RunAsync(Options(brokers), cancellationToken).ConfigureAwait(false));
            if (result.GetValue(hbase) is { } masters) findings.AddRange(await HBaseChecks.RunAsync(masters, cancellationToken).ConfigureAwait(false));
            if (result.GetValue(postgres) is { } connection) findings.AddRange(await PostgresChecks.RunAsync(connection, cancellationToken).ConfigureAwait(false));
            if (result.GetValue(kafka) is null && result.GetValue(hbase) is null && result.GetValue(postgres) is null) findings.AddRange(await SiloChecks.RunAsync(result.GetRequiredValue(server), cancellationToken).ConfigureAwait(false));
            await ShowAsync(findings, surroundings).ConfigureAwait(false);
            return findings.Exists(finding => finding.Severity == FindingSeverity.Fail) ? ExitCode.Usage : ExitCode.Success;

            KafkaStreamOptions Options(string brokers) => KafkaOptions.Of(
                brokers,
                result.GetRequiredValue(topic)!,
                result.GetRequiredValue(group),
                security => KafkaSecurity.Apply(security, result.GetValue(set) ?? [], surroundings.Variable ?? (static _ => null)));
        });
        return command;
    }

    private static async Task ShowAsync(List<Finding> findings, Surroundings surroundings)
    {
        if (!surroundings.IsTerminal)
        {
            await using var text = surroundings.Text();
            foreach (var finding in findings) await text.WriteLineAsync(string.Join('\t', Parts(finding))).ConfigureAwait(false);
            return;
        }

        var grid = new Grid();
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 2, 0), NoWrap = true });
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 4, 0), NoWrap = true });
        grid.AddColumn();
        foreach (var finding in findings)
        {
            var more = finding.Cause.Length + finding.Fix.Length > 0 ? $"\n[grey]{Escaped(finding.Cause)}[/]\n{Escaped(finding.Fix)}" : "";
            grid.AddRow(new Markup(Mark(finding.Severity)), new Markup(Escaped(finding.Subject)), new Markup(Escaped(finding.Found) + more));
        }

        surroundings.Screen().Write(grid);
    }

    private static IEnumerable<string> Parts(Finding finding)
    {
        yield return finding.Severity.ToString().ToLowerInvariant();
        yield return Words.Clean(finding.Subject);
        yield return Words.Clean(finding.Found);
        if (finding.Cause.Length > 0) yield return Words.Clean(finding.Cause);
        if (finding.Fix.Length > 0) yield return Words.Clean(finding.Fix);
    }

    private static string Mark(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Ok => "[green]ok[/]",
        FindingSeverity.Warn => "[yellow]warn[/]",
        _ => "[red]fail[/]",
    };

    private static string Escaped(string text) => Markup.Escape(Words.Clean(text));
}
