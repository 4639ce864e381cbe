using System.Collections.Concurrent;
using Orleans.Streams;
using Xunit;

namespace Grains.Tests.Server.Kafka.Provider;

/// <summary>What the consumers of one stream key saw, in the order they saw it, and what they shall do. All silos of a test are in this process.</summary>
internal sealed class Ledger
{
    private static readonly ConcurrentDictionary<string, Ledger> All = new();
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private readonly Lock _gate = new();
    private readonly List<Seen> _seen = [];
    private readonly List<string> _notes = [];

    /// <summary>Called before an event counts as seen; may throw or wait.</summary>
    public Func<string, string?, Task> Before { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>What grains have saved, as a storage would keep it: name → anything.</summary>
    public ConcurrentDictionary<string, object> Saved { get; } = new();

    public static Ledger Of(string key) => All.GetOrAdd(key, static _ => new Ledger());

    public async Task SeeAsync(string consumer, string? item, StreamSequenceToken? token)
    {
        await Before(consumer, item);
        lock (_gate) _seen.Add(new Seen(consumer, item, token));
    }

    public void Note(string note)
    {
        lock (_gate) _notes.Add(note);
    }

    public IReadOnlyList<string> Notes
    {
        get
        {
            lock (_gate) return [.. _notes];
        }
    }

    public IReadOnlyList<Seen> Everything()
    {
        lock (_gate) return [.. _seen];
    }

    /// <summary>The events that a consumer saw.</summary>
    public IReadOnlyList<string?> By(string consumer) => [.. Everything().Where(seen => seen.Consumer == consumer).Select(seen => seen.Item)];

    /// <summary>Waits until a consumer has seen so many events.</summary>
    public Task<IReadOnlyList<string?>> UntilAsync(string consumer, int events) => UntilAsync(() => By(consumer) is { } seen && seen.Count >= events ? seen : null, () => $"{consumer} saw {string.Join(' ', By(consumer))}");

    /// <summary>Waits for something to become true of the real servers and silos.</summary>
    public static async Task<T> UntilAsync<T>(Func<T?> look, Func<string> told)
        where T : class
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (look() is { } found) return found;

            if (TimeProvider.System.GetElapsedTime(since) > Limit) Assert.Fail($"Not within {Limit}: {told()}");
            await Pause.OfAsync(20);
        }
    }

    public static Task UntilAsync(Func<bool> look, Func<string> told) => UntilAsync(() => look() ? "" : null, told);

    internal sealed record Seen(string Consumer, string? Item, StreamSequenceToken? Token);
}
