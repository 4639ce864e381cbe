using Grains.Streams;
using Grains.Streams.Kafka;
using Grains.Streams.Storage;
using Grains.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Grains.Tests.Server.Kafka;

/// <summary>A silo's reading side in this process: engine, reader, and a storage that may be shared with others and outlives it.</summary>
internal sealed class TallySilo : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private readonly ServiceProvider _services;

    public TallySilo(KafkaStreamOptions options, MemorySnapshots storage)
    {
        Storage = storage;
        _services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(Log))
            .AddSingleton<IBatchedSnapshots>(storage)
            .AddSingleton<IHistoryRows>(new MemoryHistory())
            .AddSingleton(new StreamOptions { CommitInterval = TimeSpan.FromMilliseconds(100), RetryDelay = TimeSpan.FromMilliseconds(20) })
            .AddSingleton(new CellOptions { SnapshotInterval = TimeSpan.FromMilliseconds(100) })
            .AddKafkaStream<Tally, long>(Tally.Define, _ => options)
            .BuildServiceProvider();
        Reader = _services.GetRequiredService<KafkaReader<Tally, long>>();
        Engine = _services.GetRequiredService<StreamEngine<Tally, long>>();
    }

    public MemorySnapshots Storage { get; }

    public KafkaReader<Tally, long> Reader { get; }

    public StreamEngine<Tally, long> Engine { get; }

    public TestLog Log { get; } = new();

    public static KafkaStreamOptions Options(string bootstrap, string topic, string group = "g") => new()
    {
        BootstrapServers = bootstrap,
        Topic = topic,
        Group = $"{group}-{topic}",
        RetryDelay = TimeSpan.FromMilliseconds(100),
        TopicCheckInterval = TimeSpan.FromMilliseconds(300),
    };

    public static TallySilo Start(KafkaStreamOptions options, MemorySnapshots? storage = null)
    {
        var silo = new TallySilo(options, storage ?? new MemorySnapshots());
        silo.Reader.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        return silo;
    }

    /// <summary>Reads to the present end, and returns what the storage has then.</summary>
    public static async Task<Dictionary<string, string>> ReadOnceAsync(KafkaStreamOptions options, MemorySnapshots? storage = null)
    {
        options.Once = true;
        await using var silo = Start(options, storage);
        await silo.Reader.Completion.WaitAsync(Limit);
        return Tallies(silo.Storage);
    }

    /// <summary>What each key's row has.</summary>
    public static Dictionary<string, string> Tallies(MemorySnapshots storage) => storage.Rows.ToDictionary(row => row.Key, row =>
    {
        var tally = new Tally();
        tally.Load(SnapshotRows.StateOf(row.Payload).Span);
        return tally.ToString();
    });

    /// <summary>Waits for something to become true, looking often; the failure says what was so.</summary>
    public Task UntilAsync(Func<bool> condition, string what, TimeSpan? limit = null) => UntilAsync(condition, () => what, limit);

    public async Task UntilAsync(Func<bool> condition, Func<string> what, TimeSpan? limit = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (Reader.Completion.IsFaulted) await Reader.Completion;
            if (TimeProvider.System.GetElapsedTime(began) > (limit ?? Limit)) Assert.Fail($"{what()} did not come about. Partitions: {string.Join("; ", Reader.Partitions)}. Rows: {Storage.Rows.Count}. Log:\n{Log}");
            await Pause.OfAsync(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Limit);
        await Reader.StopAsync(patience.Token);
        await _services.DisposeAsync();
    }
}
