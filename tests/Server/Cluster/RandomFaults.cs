using System.Diagnostics;
using Xunit;

namespace Grains.Tests.Server.Cluster;

/// <summary>Lets faults happen, up to two at a time, drawn from a seed like cards from a deck: when it is empty, each has come as often as it is in it, and it is shuffled again.</summary>
internal sealed class RandomFaults(int seed, params (ClusterFault Fault, int Cards)[] deck) : IDisposable
{
    private const int AtOnce = 2;

    private readonly Random _random = new(seed);
    private readonly Stack<ClusterFault> _drawn = new();
    private readonly Dictionary<string, int> _counts = [];
    private readonly Dictionary<string, SemaphoreSlim> _places = deck.Select(card => card.Fault.Place).OfType<string>().Distinct().ToDictionary(place => place, _ => new SemaphoreSlim(1));

    public async Task RunAsync(int faults, ITestOutputHelper output)
    {
        var began = Stopwatch.GetTimestamp();
        var running = new List<Task>();
        for (var number = 1; number <= faults; number++)
        {
            var fault = Next();
            var act = fault.Draw(_random);
            _counts[fault.Name] = _counts.GetValueOrDefault(fault.Name) + 1;
            output.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalSeconds,6:F1} s  {number,3}  {fault.Name}");
            running.Add(Task.Run(() => HappenAsync(fault.Place, act)));
            while (running.Count(fault => !fault.IsCompleted) >= AtOnce) await Task.WhenAny(running.Where(fault => !fault.IsCompleted));
            await Task.Delay(_random.Seconds(0.2, 2), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await Task.WhenAll(running);
        output.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalSeconds,6:F1} s  all is over");
    }

    /// <summary>How many of each have happened.</summary>
    public override string ToString() => string.Join(", ", _counts.Select(count => $"{count.Value} × {count.Key}"));

    public void Dispose()
    {
        foreach (var place in _places.Values) place.Dispose();
    }

    private ClusterFault Next()
    {
        if (_drawn.Count == 0)
        {
            var cards = deck.SelectMany(card => Enumerable.Repeat(card.Fault, card.Cards)).ToArray();
            _random.Shuffle(cards);
            foreach (var card in cards) _drawn.Push(card);
        }

        return _drawn.Pop();
    }

    private async Task HappenAsync(string? place, Func<Task> act)
    {
        if (place is null)
        {
            await act();
            return;
        }

        await _places[place].WaitAsync();
        try
        {
            await act();
        }
        finally
        {
            _places[place].Release();
        }
    }
}

/// <summary>What faults draw.</summary>
internal static class FaultRandom
{
    /// <summary>A time between two, seconds.</summary>
    public static TimeSpan Seconds(this Random random, double from, double to) => TimeSpan.FromSeconds(from + ((to - from) * random.NextDouble()));
}
