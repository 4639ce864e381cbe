using System.CommandLine;
using System.Text;
using Grains.Cli.Looks;
using Grains.Cli.Wire;
using Spectre.Console;

namespace Grains.Cli.Commands;

/// <summary><c>grains top</c>: the courses with the most views.</summary>
internal static class TopCommand
{
    public static Command Create(Surroundings surroundings, Option<Uri> server)
    {
        var window = CommonOptions.Window("1m", "10m", "1h", "all");
        var count = CommonOptions.Number("--count", "-n", "How many courses", 20, 1000);
        var watch = new Option<bool>("--watch") { Description = "Go on showing the newest numbers until Ctrl-C" };
        var json = CommonOptions.Json();
        var command = new Command("top", "Show the courses with the most views") { window, count, watch, json };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var asked = new GrainsServer(result.GetRequiredValue(server));
            var query = $"top={result.GetValue(count)}&window={result.GetValue(window)}";
            if (result.GetValue(watch)) await WatchAsync(asked, query, surroundings, result.GetValue(json), cancellationToken).ConfigureAwait(false);
            else await ShowAsync(asked, query, surroundings, result.GetValue(json), cancellationToken).ConfigureAwait(false);
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task ShowAsync(GrainsServer server, string query, Surroundings surroundings, bool asJson, CancellationToken cancellationToken)
    {
        var answer = await server.AskAsync($"/v1/courses?{query}", cancellationToken).ConfigureAwait(false);
        if (asJson)
        {
            await JsonOutput.WriteAsync(surroundings, answer, cancellationToken).ConfigureAwait(false);
            return;
        }

        var top = server.Read(answer, AnswerJson.Default.TopAnswer);
        if (surroundings.IsTerminal)
        {
            var screen = surroundings.Screen();
            screen.Write(Table(top, screen.Profile.Width));
            return;
        }

        await using var text = surroundings.Text();
        foreach (var course in top.Courses) await text.WriteLineAsync($"{Words.Clean(course.Course)}\t{course.Views}").ConfigureAwait(false);
    }

    private static async Task WatchAsync(GrainsServer server, string query, Surroundings surroundings, bool asJson, CancellationToken cancellationToken)
    {
        var events = server.ListenAsync($"/v1/live?{query}", "overview", cancellationToken);
        if (asJson)
        {
            await using var text = surroundings.Text();
            await foreach (var answer in events.ConfigureAwait(false)) await text.WriteLineAsync(answer).ConfigureAwait(false);
            return;
        }

        if (!surroundings.IsTerminal) throw new CommandFailure(ExitCode.Usage, "--watch draws on a terminal; add --json to get one object a line instead.");

        var screen = surroundings.Screen();
        await screen.Live(new Text("Connecting…")).AutoClear(false).StartAsync(async live =>
        {
            await foreach (var answer in events.ConfigureAwait(false))
            {
                var overview = server.Read(Encoding.UTF8.GetBytes(answer), AnswerJson.Default.OverviewAnswer);
                live.UpdateTarget(new Rows(Table(overview.Top, screen.Profile.Width), StatusCommand.Line(overview.Status)));
            }
        }).ConfigureAwait(false);
    }

    private static Rows Table(TopAnswer top, int width)
    {
        var idWidth = Math.Clamp(top.Courses.Select(course => course.Course.Length).DefaultIfEmpty(6).Max(), 6, 32);
        var barWidth = Math.Clamp(width - idWidth - 40, 8, 80);
        var most = top.Courses.Length == 0 ? 0 : top.Courses[0].Views;
        var since = top.Window.Name == "all" ? "" : $" since {Words.Clock(top.Window.Start)}";
        var title = new Markup($"[bold]{Words.Number(top.Window.Views)}[/] views {Words.Window(top.Window.Name)}{since}, {Words.Number(top.CourseCount)} courses");
        var table = new Table { Border = TableBorder.None };
        table.AddColumn(new TableColumn("[grey]#[/]").RightAligned());
        table.AddColumn(new TableColumn("[grey]course[/]"));
        table.AddColumn(new TableColumn("").Width(barWidth));
        table.AddColumn(new TableColumn("[grey]views[/]").RightAligned());
        table.AddColumn(new TableColumn("[grey]share[/]").RightAligned());
        for (var rank = 0; rank < top.Courses.Length; rank++)
        {
            var (course, views) = top.Courses[rank];
            table.AddRow(
                new Markup($"[grey]{rank + 1}[/]"), new Markup($"[bold]{Markup.Escape(Words.Clean(course))}[/]"), new Text(Bars.Bar(views, most, barWidth), Palette.Bar),
                new Text(Words.Number(views)), new Markup($"[grey]{Words.Share(views, top.Window.Views)}[/]"));
        }

        if (top.Courses.Length == 0) table.AddRow("", "[grey]no views in this window yet[/]");
        return new Rows(title, table);
    }
}
