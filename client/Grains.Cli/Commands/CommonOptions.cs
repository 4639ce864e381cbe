using System.CommandLine;

namespace Grains.Cli.Commands;

/// <summary>Options that more than one command has.</summary>
internal static class CommonOptions
{
    /// <summary>The answer as the server sent it.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print the server's answer as it is" };

    /// <summary>The name of a window.</summary>
    public static Option<string> Window(params string[] names)
    {
        var option = new Option<string>("--window", "-w") { Description = "The window of event time", DefaultValueFactory = _ => "1h" };
        option.AcceptOnlyFromAmong(names);
        return option;
    }

    /// <summary>A whole number within bounds.</summary>
    public static Option<int> Number(string name, string alias, string description, int otherwise, int most)
    {
        var option = new Option<int>(name, alias) { Description = $"{description}, 1 to {most}", DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, out var number) && (number < 1 || number > most)) result.AddError($"{name} {number} is not between 1 and {most}.");
        });
        return option;
    }
}
