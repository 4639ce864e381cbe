using System.CommandLine;
using Grains.Cli.Checks;
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
        var command = new Command("doctor", "Check a silo, or with options what it needs: brokers, topic, group and offsets, HBase and its tables; say cause and fix of what is wrong") { kafka, topic, group, hbase };
        command.Validators.Add(result =>
        {
            if (result.GetValue(kafka) is null != result.GetValue(topic) is null) result.AddError("--kafka and --topic go together: the brokers, and the topic on them.");
        });
        command.SetAction(async (result, cancellationToken) =>
        {
            var findings = new List<Finding>();
            if (result.GetValue(kafka) is { } brokers) findings.AddRange(await KafkaChecks.RunAsync(KafkaOptions.Of(brokers, result.GetRequiredValue(topic)!, result.GetRequiredValue(group)), cancellationToken).ConfigureAwait(false));
            if (result.GetValue(hbase) is { } masters) findings.AddRange(await HBaseChecks.RunAsync(masters, cancellationToken).ConfigureAwait(false));
            if (result.GetValue(kafka) is null && result.GetValue(hbase) is null) findings.AddRange(await SiloChecks.RunAsync(result.GetRequiredValue(server), cancellationToken).ConfigureAwait(false));
            await ShowAsync(findings, surroundings).ConfigureAwait(false);
            return findings.Exists(finding => finding.Severity == FindingSeverity.Fail) ? ExitCode.Usage : ExitCode.Success;
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
