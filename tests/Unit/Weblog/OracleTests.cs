using System.Diagnostics;
using System.Globalization;
using Grains.Testing;
using Grains.Weblog;
using Xunit;

namespace Grains.Tests.Unit.Weblog;

/// <summary>The benchmark's own workload, against the benchmark's own result of it.</summary>
public sealed class OracleTests
{
    private const int Lines = 50_000;

    [Fact]
    public void Counts_of_the_workload_are_those_of_the_oracle()
    {
        var (generate, oracle) = (BesideRepository.Shared("bench/generate"), BesideRepository.Shared("bench/oracle"));
        BesideRepository.Program("java", "default-jre-headless");
        using var parsers = new TestParsers(options =>
        {
            options.AgentRulesFile = BesideRepository.Shared("bench/data/regexes.yaml");
            options.RegionDatabaseFile = BesideRepository.Shared("bench/data/geo.mmdb");
            // The workload's lines are of 2026-11-23 whenever it is made.
            options.FutureTolerance = TimeSpan.FromDays(1);
        });
        var log = Run(generate, Lines.ToString(CultureInfo.InvariantCulture), "");
        var expected = Run(oracle, "", log);

        var parser = parsers.Create();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in log.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var line = parsers.Parse(parser, text);
            if (line.Outcome != LineOutcome.Kept)
            {
                Assert.True(LineOutcomes.IsSkip(line.Outcome), $"{line.Outcome}: {text}");
                continue;
            }

            var window = line.View.EventTime / 60 * 60;
            foreach (var key in (string[])[$"0\tviews\t", $"{window}\tviews\t", $"{window}\tclient\t{line.Browser}", $"{window}\tregion\t{line.Region}"])
            {
                var row = line.Course + "\t" + key;
                counts[row] = counts.GetValueOrDefault(row) + 1;
            }
        }

        var ours = counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Key}\t{count.Value}")).Order(StringComparer.Ordinal);
        Assert.Equal(expected.Split('\n', StringSplitOptions.RemoveEmptyEntries), ours);
    }

    private static string Run(string command, string argument, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(command, argument.Length == 0 ? [] : [argument]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command} ended with {process.ExitCode}: {errors.Result}");
        return output.Result;
    }
}
