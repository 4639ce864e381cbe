using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Grains.Abstractions.Questions;
using Grains.Streams;

namespace Grains.Courses;

/// <summary>The dead letters of an embedded silo: keeps the newest samples of each reason in memory, to be read in the status. Counts are the pump's.</summary>
public sealed partial class RefusedLines : IDeadLetters
{
    private const int SamplesOfAReason = 5;
    private const int TextBytes = 200;

    private readonly Dictionary<string, Queue<RefusedSample>> _samples = [];
    private readonly Dictionary<string, long> _counts = [];
    private readonly Lock _gate = new();

    /// <summary>The samples, oldest first.</summary>
    public IReadOnlyList<RefusedSample> Samples
    {
        get
        {
            lock (_gate) return [.. _samples.Values.SelectMany(samples => samples).OrderBy(sample => sample.Position)];
        }
    }

    /// <inheritdoc/>
    public void Add(PartitionId partition, long position, string reason, ReadOnlySpan<byte> record)
    {
        lock (_gate)
        {
            // One in ever more: a flood of junk costs no strings.
            var count = _counts[reason] = _counts.GetValueOrDefault(reason) + 1;
            if (count > SamplesOfAReason && !long.IsPow2(count)) return;

            if (!_samples.TryGetValue(reason, out var samples)) _samples[reason] = samples = new Queue<RefusedSample>();
            if (samples.Count == SamplesOfAReason) samples.Dequeue();
            samples.Enqueue(new RefusedSample(partition.Source, partition.Partition, position, reason, Text(record)));
        }
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private static string Text(ReadOnlySpan<byte> record)
    {
        var text = new StringBuilder();
        foreach (var b in record[..Math.Min(record.Length, TextBytes)])
        {
            if (b is >= (byte)' ' and < 0x7f) text.Append((char)b);
            else text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }

        return Address().Replace(text.ToString(), "x.x.x.x");
    }

    // IPv4 anywhere; IPv6 where a line begins, since times look alike.
    [GeneratedRegex(@"\d{1,3}(\.\d{1,3}){3}|^[0-9a-fA-F]{0,4}(:[0-9a-fA-F]{0,4}){2,7}")]
    private static partial Regex Address();
}
