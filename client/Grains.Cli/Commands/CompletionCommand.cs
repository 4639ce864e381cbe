using System.CommandLine;

namespace Grains.Cli.Commands;

/// <summary><c>grains completion SHELL</c>: what makes a shell complete the command's words.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _grains() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(grains "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -F _grains grains
        """;

    private const string Zsh = """
        #compdef grains
        _grains() {
          local -a words_found
          words_found=("${(@f)$(grains "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          compadd -a words_found
        }
        compdef _grains grains
        """;

    private const string Fish = """
        complete -c grains -f -a '(grains "[suggest:"(commandline -C)"]" (commandline -p) 2>/dev/null)'
        """;

    public static Command Create(Surroundings surroundings)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print the script that completes this command, e.g. source <(grains completion bash)") { shell };
        command.SetAction(result =>
        {
            using var text = surroundings.Text();
            text.WriteLine(result.GetValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            });
            return ExitCode.Success;
        });
        return command;
    }
}
