using System.CommandLine;
using System.Globalization;
using Grains.Cli.Looks;
using Grains.Cli.Wire;
using Spectre.Console;

namespace Grains.Cli.Commands;

/// <summary><c>grains course ID</c>: the numbers of one course.</summary>
internal static class CourseCommand
{
    private const int ListBarWidth = 14;

    public static Command Create(Surroundings surroundings, Option<Uri> server)
    {
        var id = new Argument<string>("id") { Description = "The course" };
        var window = CommonOptions.Window("1m", "10m", "1h", "1d", "all");
        var top = CommonOptions.Number("--top", "-n", "How many values of each list", 8, 1000);
        var json = CommonOptions.Json();
        var command = new Command("course", "Show the numbers of one course") { id, window, top, json };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var asked = new GrainsServer(result.GetRequiredValue(server));
            var offset = TimeZoneInfo.Local.GetUtcOffset(TimeProvider.System.GetUtcNow());
            var tz = (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture);
            var answer = await asked.AskAsync(
                $"/v1/courses/{Uri.EscapeDataString(result.GetRequiredValue(id))}?window={result.GetValue(window)}&top={result.GetValue(top)}&points=60&resolution=1m&tz={Uri.EscapeDataString(tz)}",
                cancellationToken).ConfigureAwait(false);
            if (result.GetValue(json)) await JsonOutput.WriteAsync(surroundings, answer, cancellationToken).ConfigureAwait(false);
            else await ShowAsync(asked.Read(answer, AnswerJson.Default.CourseAnswer), surroundings).ConfigureAwait(false);
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task ShowAsync(CourseAnswer course, Surroundings surroundings)
    {
        if (!surroundings.IsTerminal)
        {
            await using var text = surroundings.Text();
            foreach (var (name, _, span) in Windows(course.Windows)) await text.WriteLineAsync($"views\t{name}\t{span.Views}").ConfigureAwait(false);
            foreach (var (name, _, values, _) in Lists(course.Dimensions))
            {
                foreach (var (value, views) in values) await text.WriteLineAsync($"{name}\t{Words.Clean(value)}\t{views}").ConfigureAwait(false);
            }

            return;
        }

        var screen = surroundings.Screen();
        screen.Write(new Rule($"[bold]Course {Markup.Escape(Words.Clean(course.Course))}[/]") { Justification = Justify.Left, Style = "grey" });
        var numbers = new Grid();
        foreach (var _ in Windows(course.Windows)) numbers.AddColumn(new GridColumn { Padding = new Padding(0, 0, 4, 0) });
        numbers.AddRow([.. Windows(course.Windows).Select(window => new Markup($"[grey]{window.Title}[/]"))]);
        numbers.AddRow([.. Windows(course.Windows).Select(window => new Markup($"[bold]{Words.Number(window.Span.Views)}[/]"))]);
        screen.Write(numbers);
        if (course.Series is { } series)
        {
            screen.WriteLine();
            screen.MarkupLine("[grey]views a minute, the last hour[/]");
            screen.Write(new Text(Bars.Line(series.Views), Palette.Bar));
            screen.WriteLine();
        }

        screen.WriteLine();
        screen.MarkupLine($"[grey]visitors {Words.Window(course.Dimensions.Window.Name)}[/]");
        screen.Write(new Columns(Lists(course.Dimensions).Select(list => List(list.Title, list.Values, list.Others, course.Dimensions.Window.Views))) { Expand = false });
        var durable = course.AsOf.Durable ? "all durable" : $"durable as of {course.AsOf.StalenessSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s ago";
        screen.MarkupLine($"[grey]as of {Words.Clock(course.AsOf.EventTime, withSeconds: true)}, {durable}, {Words.Number(course.AsOf.Late)} late[/]");
    }

    private static (string Name, string Title, Span Span)[] Windows(Spans spans) =>
    [
        ("1s", "second", spans.Second), ("1m", "minute", spans.Minute), ("10m", "10 minutes", spans.TenMinutes),
        ("1h", "hour", spans.Hour), ("1d", "today", spans.Day), ("all", "all time", spans.AllTime),
    ];

    private static (string Name, string Title, ValueViews[] Values, long Others)[] Lists(Dimensions of) =>
    [
        ("client", "browser", of.Client, of.Rest.Client), ("region", "region", of.Region, of.Rest.Region), ("source", "source", of.Source, of.Rest.Source),
        ("os", "system", of.Os, of.Rest.Os), ("device", "device", of.Device, of.Rest.Device),
    ];

    private static Table List(string title, ValueViews[] values, long rest, long total)
    {
        var table = new Table { Border = TableBorder.None };
        table.AddColumn(new TableColumn($"[grey]{title}[/]"));
        table.AddColumn(new TableColumn("").Width(ListBarWidth));
        table.AddColumn(new TableColumn("").RightAligned());
        table.AddColumn(new TableColumn("").RightAligned().PadRight(3));
        var most = values.Length == 0 ? 0 : values[0].Views;
        foreach (var (value, views) in values)
        {
            table.AddRow(new Text(Words.Clean(value)), new Text(Bars.Bar(views, most, ListBarWidth), Palette.Bar), new Text(Words.Number(views)), new Markup($"[grey]{Words.Share(views, total)}[/]"));
        }

        if (rest > 0) table.AddRow(new Markup("[grey]others[/]"), new Text(""), new Text(Words.Number(rest)), new Markup($"[grey]{Words.Share(rest, total)}[/]"));
        return table;
    }
}
