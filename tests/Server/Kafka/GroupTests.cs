using Grains.Streams.Kafka;
using Grains.Testing;
using Xunit;

namespace Grains.Tests.Server.Kafka;

/// <summary>Exactly once while partitions move and silos and brokers die.</summary>
public sealed class GroupTests(KafkaServer kafka)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData(KafkaGroupProtocol.Consumer)]
    [InlineData(KafkaGroupProtocol.Classic)]
    public async Task Silos_that_come_and_go_under_load_count_every_record_once(KafkaGroupProtocol protocol)
    {
        const int Partitions = 6;
        var topic = await kafka.NewTopicAsync(Partitions);
        var storage = new MemorySnapshots();
        await using var load = new Load(kafka.Bootstrap, topic, Partitions);
        var silos = new List<TallySilo> { StartSilo("a") };
        await load.UntilSentAsync(5_000);
        silos.Add(StartSilo("b"));
        silos.Add(StartSilo("c"));
        await load.UntilSentAsync(15_000);
        await silos[0].UntilAsync(() => silos.Sum(silo => silo.Reader.Partitions.Count) == Partitions && silos.All(silo => silo.Reader.Partitions.Count > 0), "A share for each of three silos");
        await StopAsync(silos[0]);
        await load.UntilSentAsync(25_000);
        // A commit of an earlier owner, as a paused one might send when it wakes: all that it does is that more is read again.
        silos.Add(StartSilo("d"));
        await load.UntilSentAsync(35_000);
        await StopAsync(silos[0]);
        var expected = await load.EndAsync();
        await silos[0].UntilAsync(() => Same(expected, storage), "Every record once");
        foreach (var silo in silos.ToList()) await StopAsync(silo);
        Assert.Equal(expected.Tallies, TallySilo.Tallies(storage));

        TallySilo StartSilo(string name)
        {
            var options = TallySilo.Options(kafka.Bootstrap, topic);
            options.GroupProtocol = protocol;
            return TallySilo.Start(options, storage);
        }

        async Task StopAsync(TallySilo silo)
        {
            silos.Remove(silo);
            await silo.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_silo_stopped_and_started_under_its_name_goes_on_at_once_where_it_was()
    {
        var topic = await kafka.NewTopicAsync(2);
        var storage = new MemorySnapshots();
        await using var load = new Load(kafka.Bootstrap, topic, 2);
        var options = TallySilo.Options(kafka.Bootstrap, topic);
        options.InstanceId = "silo-1";
        options.SessionTimeout = TimeSpan.FromSeconds(30);
        await load.UntilSentAsync(2_000);
        await using (TallySilo.Start(options, storage)) await load.UntilSentAsync(5_000);

        var began = TimeProvider.System.GetTimestamp();
        await using var again = TallySilo.Start(options, storage);
        await again.UntilAsync(() => again.Reader.Partitions.Count == 2, "Both partitions");
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(10));
        var expected = await load.EndAsync();
        await again.UntilAsync(() => Same(expected, storage), "Every record once");
    }

    [Fact]
    public async Task A_silo_with_a_name_that_stops_leaves_its_partitions_to_the_others_at_once()
    {
        var topic = await kafka.NewTopicAsync(4);
        var storage = new MemorySnapshots();
        await using var load = new Load(kafka.Bootstrap, topic, 4);
        await using var stays = TallySilo.Start(Named("silo-1"), storage);
        await using (var leaves = TallySilo.Start(Named("silo-2"), storage))
        {
            await stays.UntilAsync(() => (stays.Reader.Partitions.Count, leaves.Reader.Partitions.Count) == (2, 2), "Two partitions each");
            await load.UntilSentAsync(3_000);
        }

        // Well before the session of the one that has left ends.
        await stays.UntilAsync(() => stays.Reader.Partitions.Count == 4, "All partitions", TimeSpan.FromSeconds(20));
        var expected = await load.EndAsync();
        await stays.UntilAsync(() => Same(expected, storage), () => Differences(expected, storage));

        KafkaStreamOptions Named(string name)
        {
            var options = TallySilo.Options(kafka.Bootstrap, topic);
            (options.InstanceId, options.SessionTimeout) = (name, TimeSpan.FromMinutes(2));
            return options;
        }
    }

    [Fact]
    public async Task The_older_of_two_silos_of_one_name_is_shut_out_and_says_so()
    {
        var topic = await kafka.NewTopicAsync();
        var options = TallySilo.Options(kafka.Bootstrap, topic);
        options.InstanceId = "silo-1";
        await using var older = TallySilo.Start(options);
        await older.UntilAsync(() => older.Reader.Partitions.Count == 1, "The partition");
        await using var newer = TallySilo.Start(options);
        await newer.UntilAsync(() => newer.Reader.Partitions.Count == 1, "The partition");
        var failure = await Assert.ThrowsAsync<Streams.SourceException>(() => older.Reader.Completion.WaitAsync(Limit));
        Assert.Contains("silo-1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_storage_that_is_away_for_a_while_loses_nothing()
    {
        var topic = await kafka.NewTopicAsync(3);
        var storage = new MemorySnapshots();
        await using var load = new Load(kafka.Bootstrap, topic, 3);
        await using var silo = TallySilo.Start(TallySilo.Options(kafka.Bootstrap, topic), storage);
        await load.UntilSentAsync(5_000);
        var random = new Random(5);
        storage.Fault = _ => (MemoryFault)random.Next(4);
        await load.UntilSentAsync(15_000);
        storage.ReadsFail = true;
        await load.UntilSentAsync(20_000);
        (storage.ReadsFail, storage.Fault) = (false, null);
        var expected = await load.EndAsync();
        await silo.UntilAsync(() => Same(expected, storage), () => Differences(expected, storage));
    }

    [Fact]
    public async Task Without_the_batch_calls_it_counts_the_same()
    {
        var topic = await kafka.NewTopicAsync(3);
        var storage = new MemorySnapshots();
        await using var load = new Load(kafka.Bootstrap, topic, 3);
        var options = TallySilo.Options(kafka.Bootstrap, topic);
        options.MemoryBytes = 1 << 20;
        options.BatchCalls = false;
        await using var silo = TallySilo.Start(options, storage);
        await load.UntilSentAsync(8_000);
        storage.Fault = write => write.ExpectedVersion % 5 == 3 ? MemoryFault.RequestLost : MemoryFault.None;
        await load.UntilSentAsync(20_000);
        storage.Fault = null;
        var expected = await load.EndAsync();
        await silo.UntilAsync(() => Same(expected, storage), "Every record once");
        Assert.True(silo.Log.Has(EventIds.ConsumeInstead));
        Assert.True(silo.Engine.Runs.Sum(run => run.Report().Rewinds) > 0);
    }

    private static bool Same(Expected expected, MemorySnapshots storage) => Differences(expected, storage).Length == 0;

    private static string Differences(Expected expected, MemorySnapshots storage)
    {
        var tallies = TallySilo.Tallies(storage);
        return string.Join('\n', expected.Tallies.Where(pair => tallies.GetValueOrDefault(pair.Key) != pair.Value).Select(pair => $"{pair.Key}: {pair.Value} expected, {tallies.GetValueOrDefault(pair.Key)} stored"));
    }
}
