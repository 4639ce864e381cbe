using Grains.Streams;
using Grains.Streams.Kafka;
using Grains.Streams.Storage;
using Grains.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Grains.Tests.Server.Kafka;

/// <summary>The example of the library's README, in a host as an application has it.</summary>
public sealed class ExampleTests(KafkaServer kafka)
{
    [Fact]
    public async Task The_example_of_the_readme_counts_what_a_sender_sends()
    {
        var topic = await kafka.NewTopicAsync(2);
        var lines = string.Concat(Enumerable.Range(1, 100).Select(number => $"key-{number % 2} {number}\n"));
        var options = new KafkaStreamOptions { BootstrapServers = kafka.Bootstrap, Topic = topic, Group = "tally", DeadLetterTopic = topic + ".refused", Once = true };
        using (var sender = new KafkaLineSender(options, static line => line[..line.IndexOf((byte)' ')].ToArray(), TimeProvider.System))
        {
            await sender.SendAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(lines)), null, TestContext.Current.CancellationToken);
        }

        var storage = new MemorySnapshots();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IBatchedSnapshots>(storage);
        builder.Services.AddSingleton<IHistoryRows>(new MemoryHistory());
        builder.Services.AddSingleton(new StreamOptions());
        builder.Services.AddSingleton(new CellOptions());
        builder.Services.AddKafkaStream(Tally.Define, _ => options);
        using var host = builder.Build();

        // A run with an end stops its host when it has read and kept everything.
        await host.RunAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(40));

        var tallies = TallySilo.Tallies(storage);
        Assert.Equal(2, tallies.Count);
        Assert.StartsWith("50 events, sum 2550,", tallies["key-0"], StringComparison.Ordinal);
        Assert.StartsWith("50 events, sum 2500,", tallies["key-1"], StringComparison.Ordinal);
    }
}
