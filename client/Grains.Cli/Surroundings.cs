using System.Text;
using Spectre.Console;

namespace Grains.Cli;

/// <summary>Where the command runs: what it writes to, and whether a person reads it.</summary>
/// <param name="Output">Takes the answer.</param>
/// <param name="Error">Takes what went wrong and how far a long command is.</param>
/// <param name="IsTerminal">Whether a person sees the answer; otherwise it is plain text for the next program.</param>
/// <param name="Server">The server named by the environment; null where none is.</param>
/// <param name="Width">Columns of the terminal; null to find out.</param>
/// <param name="Input">What comes from standard input; null for nothing.</param>
/// <param name="ShowsProgress">Whether a person sees the error output, and so how far a long command is.</param>
/// <param name="Variable">Looks into the environment for settings that a silo has as well; null where there are none.</param>
internal sealed record Surroundings(Stream Output, TextWriter Error, bool IsTerminal, string? Server, int? Width = null, Stream? Input = null, bool ShowsProgress = false, Func<string, string?>? Variable = null)
{
    /// <summary>Those of this process.</summary>
    public static Surroundings OfProcess()
        => new(Console.OpenStandardOutput(), Console.Error, !Console.IsOutputRedirected, Environment.GetEnvironmentVariable("GRAINS_SERVER"), Input: Console.OpenStandardInput(), ShowsProgress: !Console.IsErrorRedirected, Variable: Environment.GetEnvironmentVariable);

    /// <summary>Opens the output for text. UTF-8 without a mark, lines end in LF, and every line is there at once.</summary>
    public TextWriter Text() => new StreamWriter(Output, new UTF8Encoding(false), leaveOpen: true) { AutoFlush = true, NewLine = "\n" };

    /// <summary>Opens the output for tables and colours.</summary>
    public IAnsiConsole Screen()
    {
        var screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Text()) });
        if (Width is { } width) screen.Profile.Width = width;
        return screen;
    }
}
