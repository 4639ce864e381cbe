using System.Diagnostics;
using System.Text;
using Grains.Testing;
using Xunit;

namespace Grains.Tests.Server.Embedded;

/// <summary>The benchmark's workload, and what its oracle says of it; made once a test run.</summary>
internal sealed class Workload
{
    private const int LineCount = 200_000;

    private static readonly Lazy<Task<Workload>> Made = new(() => MakeAsync(LineCount, courses: 1000, seed: 1));

    private Workload(byte[] log, byte[] expected) => (Log, Expected) = (log, expected);

    public byte[] Log { get; }

    public byte[] Expected { get; }

    /// <summary>The versions of the rules and the address database that the oracle uses; the workload is dated 2026-11-23, whenever it is read.</summary>
    public static string[] Options =>
    [
        "--ua-rules", BesideRepository.Shared("bench/data/regexes.yaml"), "--geo", BesideRepository.Shared("bench/data/geo.mmdb"), "--set", "Weblog:FutureTolerance=365.00:00:00",
    ];

    public static Task<Workload> GetAsync()
    {
        BesideRepository.Program("java", "openjdk-17-jre-headless");
        BesideRepository.Shared("bench/generate");
        return Made.Value;
    }

    /// <summary>The lines, without their ends.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> SplitLines()
    {
        for (var at = 0; at < Log.Length;)
        {
            var length = Log.AsSpan(at).IndexOf((byte)'\n');
            yield return Log.AsMemory(at, length);
            at += length + 1;
        }
    }

    /// <summary>Fails where an export is not, byte for byte, what the oracle says; shows some of what differs.</summary>
    public void AssertCounted(byte[] export)
    {
        if (export.AsSpan().SequenceEqual(Expected)) return;

        var (ours, expected) = (Lines(export), Lines(Expected));
        Assert.Fail($"The export differs: missing {Some(expected.Except(ours))}; too many {Some(ours.Except(expected))}.");

        static string[] Lines(byte[] text) => Encoding.UTF8.GetString(text).Split('\n');

        static string Some(IEnumerable<string> lines) => string.Join(" | ", lines.Take(5));
    }

    /// <summary>A workload of another size.</summary>
    public static async Task<Workload> MakeAsync(int lines, int courses, int seed)
    {
        BesideRepository.Program("java", "openjdk-17-jre-headless");
        var log = await RunAsync(BesideRepository.Shared("bench/generate"), [$"{lines}", $"{courses}", $"{seed}"], []);
        return new Workload(log, await RunAsync(BesideRepository.Shared("bench/oracle"), [], log));
    }

    private static async Task<byte[]> RunAsync(string program, string[] arguments, byte[] input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();
        await reading;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.ToArray() : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
    }
}
