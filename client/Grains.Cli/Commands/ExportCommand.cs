using System.CommandLine;
using Grains.Cli.Sorting;

namespace Grains.Cli.Commands;

/// <summary><c>grains export</c>: every number there is, as sorted lines of text.</summary>
internal static class ExportCommand
{
    /// <summary>Text kept in memory while it is sorted; more goes through files. 64 MiB hold about 1.5 million rows, and cost about 130 MiB in all.</summary>
    private const int SortBytes = 64 << 20;

    private static readonly string[] Dimensions = ["views", "client", "os", "device", "region", "source"];

    public static Command Create(Surroundings surroundings, Option<Uri> server)
    {
        var resolution = new Option<string>("--resolution") { Description = "The width of a window", DefaultValueFactory = _ => "1m" };
        resolution.AcceptOnlyFromAmong("1m");
        var output = new Option<string?>("--out", "-o") { Description = "The file to write, replaced when all is there. Default: the standard output", HelpName = "FILE" };
        var dims = new Option<string>("--dims") { Description = $"Comma-separated: {string.Join(", ", Dimensions)}", DefaultValueFactory = _ => "views,client,region", HelpName = "LIST" };
        dims.Validators.Add(result =>
        {
            foreach (var name in result.GetValueOrDefault<string>().Split(',').Where(name => !Dimensions.Contains(name))) result.AddError($"--dims '{name}' is none of {string.Join(", ", Dimensions)}.");
        });
        var command = new Command("export", "Print every count as lines: course, window start, dimension, value, count, separated by tabs and sorted byte by byte") { resolution, output, dims };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var asked = new GrainsServer(result.GetRequiredValue(server));
            using var sorter = new LineSorter(SortBytes, Path.GetTempPath());
            await FetchAsync(asked, $"/v1/export?resolution={result.GetValue(resolution)}&dims={result.GetValue(dims)}", sorter, cancellationToken).ConfigureAwait(false);
            Write(sorter, result.GetValue(output), surroundings);
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task FetchAsync(GrainsServer server, string question, LineSorter sorter, CancellationToken cancellationToken)
    {
        using var response = await server.SendAsync(question, cancellationToken).ConfigureAwait(false);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        // The rows are read without awaiting each; closing the body is what wakes a read that waits.
        await using var cancelled = cancellationToken.Register(body.Dispose);
        var reader = new LineReader(body);
        while (Read()) sorter.Add(reader.Line);
        if (reader.IsCutOff) throw server.BrokeOff(null);

        bool Read()
        {
            try
            {
                return reader.Read();
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException or ObjectDisposedException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw server.BrokeOff(exception);
            }
        }
    }

    private static void Write(LineSorter sorter, string? path, Surroundings surroundings)
    {
        if (path is null)
        {
            sorter.WriteTo(surroundings.Output);
            surroundings.Output.Flush();
            return;
        }

        var part = $"{path}.part";
        try
        {
            using (var file = new FileStream(part, FileMode.Create, FileAccess.Write)) sorter.WriteTo(file);

            File.Move(part, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Output, $"The export could not be written to {path}: {exception.Message}", exception);
        }

        if (surroundings.IsTerminal) surroundings.Error.WriteLine($"{Words.Number(sorter.Count)} rows in {path}");
    }
}
