using System.CommandLine;
using System.Globalization;
using Grains.Cli.Wire;
using Spectre.Console;

namespace Grains.Cli.Commands;

/// <summary><c>grains status</c>: how the reading of the log goes.</summary>
internal static class StatusCommand
{
    public static Command Create(Surroundings surroundings, Option<Uri> server)
    {
        var json = CommonOptions.Json();
        var command = new Command("status", "Show how the reading of the log goes") { json };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var asked = new GrainsServer(result.GetRequiredValue(server));
            var answer = await asked.AskAsync("/v1/status", cancellationToken).ConfigureAwait(false);
            if (result.GetValue(json)) await JsonOutput.WriteAsync(surroundings, answer, cancellationToken).ConfigureAwait(false);
            else await ShowAsync(asked.Read(answer, AnswerJson.Default.StatusAnswer), surroundings).ConfigureAwait(false);
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The most important of it in one line.</summary>
    public static Markup Line(StatusAnswer status)
        => new($"[grey]{Words.Number((long)status.RecordsPerSecond)} lines/s, {Words.Number(status.Records)} read, {Words.Number(status.Refused.Total)} refused, behind {Behind(status)}[/]");

    private static async Task ShowAsync(StatusAnswer status, Surroundings surroundings)
    {
        if (!surroundings.IsTerminal)
        {
            await using var text = surroundings.Text();
            foreach (var (name, value) in Plain(status)) await text.WriteLineAsync($"{name}\t{value}").ConfigureAwait(false);
            return;
        }

        var grid = new Grid();
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 4, 0) });
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 4, 0), Alignment = Justify.Right });
        grid.AddColumn();
        Row("read", Words.Number(status.Records), $"{Words.Number((long)status.RecordsPerSecond)} a second, since {Words.Clock(status.Started, withSeconds: true)}");
        Row("kept", Words.Number(status.Kept), Words.Share(status.Kept, status.Records));
        Row("skipped", Words.Number(status.Skipped.Total), Reasons(status.Skipped));
        Row("refused", Words.Number(status.Refused.Total), Reasons(status.Refused));
        Row("courses", Words.Number(status.Courses), "in memory");
        if (status.Silos > 1) Row("silos", Words.Number(status.Silos), status.MissingSilos == 0 ? "all answer" : $"{status.MissingSilos} do not answer: what they read is not in here");
        Row("newest view", status.EventTime is { } time ? Words.Clock(time, withSeconds: true) : "-", "");
        foreach (var partition in status.Partitions)
        {
            Row(
                $"{partition.Source} {partition.Partition}", $"behind {Words.Amount(partition.Lag, partition.Unit)}",
                $"not yet durable {Words.Amount(partition.DurableLag, partition.Unit)}, at {Words.Number(partition.Position)}");
        }

        surroundings.Screen().Write(grid);

        void Row(string name, string value, string more)
            => grid.AddRow(new Markup($"[grey]{Markup.Escape(Words.Clean(name))}[/]"), new Markup($"[bold]{Markup.Escape(value)}[/]"), new Markup($"[grey]{Markup.Escape(Words.Clean(more))}[/]"));
    }

    private static IEnumerable<(string Name, string Value)> Plain(StatusAnswer status)
    {
        yield return ("records", Text(status.Records));
        yield return ("kept", Text(status.Kept));
        yield return ("skipped", Text(status.Skipped.Total));
        foreach (var (reason, count) in status.Skipped.ByReason) yield return ($"skipped.{Words.Clean(reason)}", Text(count));
        yield return ("refused", Text(status.Refused.Total));
        foreach (var (reason, count) in status.Refused.ByReason) yield return ($"refused.{Words.Clean(reason)}", Text(count));
        yield return ("recordsPerSecond", status.RecordsPerSecond.ToString(CultureInfo.InvariantCulture));
        yield return ("courses", Text(status.Courses));
        yield return ("silos", Text(status.Silos));
        yield return ("missingSilos", Text(status.MissingSilos));
        yield return ("eventTime", status.EventTime?.ToString("O", CultureInfo.InvariantCulture) ?? "");
        foreach (var partition in status.Partitions)
        {
            yield return ($"lag.{Words.Clean(partition.Source)}.{partition.Partition}", Text(partition.Lag));
            yield return ($"durableLag.{Words.Clean(partition.Source)}.{partition.Partition}", Text(partition.DurableLag));
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Reasons(Counts counts)
        => string.Join(", ", counts.ByReason.OrderByDescending(reason => reason.Value).Select(reason => $"{reason.Key} {Words.Number(reason.Value)}"));

    private static string Behind(StatusAnswer status)
        => status.Partitions.Length == 0 ? "nothing" : Words.Amount(status.Partitions.Sum(partition => partition.Lag), status.Partitions[0].Unit);
}
