using System.Text;
using System.Text.RegularExpressions;
using Grains.Cli;

namespace Grains.Tests.Unit.Cli;

/// <summary>What came of a command line.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a command line with <paramref name="server"/> in the environment.</summary>
    public static async Task<CommandRun> OfAsync(string? server, bool isTerminal, params string[] arguments)
    {
        using var output = new MemoryStream();
        await using var error = new StringWriter { NewLine = "\n" };
        var exitCode = await GrainsCommand.RunAsync(arguments, new Surroundings(output, error, isTerminal, server, Width: 100)).WaitAsync(TimeSpan.FromSeconds(30));
        // Colours are the terminal's affair.
        var text = Regex.Replace(Encoding.UTF8.GetString(output.ToArray()), @"\x1b\[[0-9;?]*[A-Za-z]", "");
        return new CommandRun(exitCode, text, error.ToString());
    }
}
