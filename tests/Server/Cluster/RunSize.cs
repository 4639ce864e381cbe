using System.Globalization;

namespace Grains.Tests.Server.Cluster;

/// <summary>How much a run of faults is: what its test says, unless the environment says otherwise (<c>GRAINS_FAULTS</c>, <c>GRAINS_LINES</c>, <c>GRAINS_COURSES</c>, <c>GRAINS_RATE</c>, <c>GRAINS_SEED</c>).</summary>
/// <param name="Faults">How many faults.</param>
/// <param name="Lines">How many lines of the log.</param>
/// <param name="Courses">Of how many courses.</param>
/// <param name="Rate">Lines a second while faults happen.</param>
internal sealed record RunSize(int Faults, int Lines, int Courses, int Rate)
{
    /// <summary>Of everything that is drawn.</summary>
    public int Seed { get; private init; }

    /// <summary>A number of the environment.</summary>
    public static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable($"GRAINS_{name}"), CultureInfo.InvariantCulture, out var given) ? given : otherwise;

    /// <summary>The size, with what the environment says in place of what is here.</summary>
    public RunSize OrGiven() =>
        new(Number("FAULTS", Faults), Number("LINES", Lines), Number("COURSES", Courses), Number("RATE", Rate)) { Seed = Number("SEED", Environment.TickCount & 0xffff) };

    public override string ToString() => $"seed {Seed}: {Faults} faults, {Lines:N0} lines of {Courses:N0} courses, {Rate:N0} a second";
}
