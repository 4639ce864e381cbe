using Spectre.Console;

namespace Grains.Cli.Looks;

/// <summary>The colours in use; a terminal without colours shows the same text.</summary>
internal static class Palette
{
    /// <summary>Bars and lines.</summary>
    public static Style Bar { get; } = new(Color.Orange3);
}
