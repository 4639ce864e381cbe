using System.CommandLine;
using System.CommandLine.Invocation;
using Grains.Cli.Commands;

namespace Grains.Cli;

/// <summary>The command <c>grains</c>.</summary>
internal static class GrainsCommand
{
    private const string DefaultServer = "http://localhost:8080";

    // After Ctrl-C: a sender waits for what is under way.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Runs a command line; what goes wrong is one message on the error output and an <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(string[] arguments, Surroundings surroundings, CancellationToken cancellationToken = default)
    {
        using var help = surroundings.Text();
        var parsed = Create(surroundings).Parse(arguments);
        if (parsed.Action is ParseErrorAction errors) errors.ShowHelp = false;
        var configuration = new InvocationConfiguration
        {
            // What is wrong with a command line must not reach the program behind a pipe.
            Output = parsed.Errors.Count > 0 ? surroundings.Error : help,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = StopTimeout,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (CommandFailure failure)
        {
            await surroundings.Error.WriteLineAsync($"grains: {failure.Message}").ConfigureAwait(false);
            return failure.ExitCode;
        }
        catch (OperationCanceledException)
        {
            // Whoever pressed Ctrl-C knows why it ended.
            return ExitCode.Success;
        }
    }

    private static RootCommand Create(Surroundings surroundings)
    {
        var server = new Option<Uri>("--server")
        {
            Description = $"The server to ask. Default: GRAINS_SERVER of the environment, else {DefaultServer}",
            HelpName = "URL",
            Recursive = true,
            DefaultValueFactory = result => Address(surroundings.Server ?? DefaultServer, "GRAINS_SERVER", result.AddError),
            CustomParser = result => Address(result.Tokens[0].Value, "--server", result.AddError),
        };
        var root = new RootCommand(
            "Asks a Grains server for the live statistics of web courses.\n\n"
            + "Ends with 0, or with 1 for a wrong command line or what the doctor has found, 2 for an unknown course, 3 where no server was reached, 4 where the server refused, 5 where a file could not be written.")
        {
            server,
        };
        root.Add(TopCommand.Create(surroundings, server));
        root.Add(CourseCommand.Create(surroundings, server));
        root.Add(StatusCommand.Create(surroundings, server));
        root.Add(ExportCommand.Create(surroundings, server));
        root.Add(SendCommand.Create(surroundings));
        root.Add(DoctorCommand.Create(surroundings, server));
        root.Add(CompletionCommand.Create(surroundings));
        return root;
    }

    private static Uri Address(string text, string origin, Action<string> addError)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") return address;

        addError($"{origin} '{text}' is no address such as {DefaultServer}.");
        return new Uri(DefaultServer);
    }
}
