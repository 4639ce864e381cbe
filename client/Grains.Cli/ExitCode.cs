namespace Grains.Cli;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    /// <summary>All is well.</summary>
    public const int Success = 0;

    /// <summary>The command line is wrong, a file of it cannot be read, or the doctor has found a fault.</summary>
    public const int Usage = 1;

    /// <summary>The server knows nothing of what was asked for.</summary>
    public const int NotFound = 2;

    /// <summary>The server was not reached, or broke off.</summary>
    public const int Unreachable = 3;

    /// <summary>The server refused the question or failed.</summary>
    public const int Refused = 4;

    /// <summary>A file could not be written.</summary>
    public const int Output = 5;

    /// <summary>A command that changes something was stopped in the middle, as shells number it.</summary>
    public const int Stopped = 130;
}
