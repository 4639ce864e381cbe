using Grains.Streams.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using Xunit;

namespace Grains.Tests.Server.Kafka.Provider;

/// <summary>The example of the library's README, in a host as an application has it.</summary>
public sealed class ExampleTests(KafkaServer kafka)
{
    [Fact]
    public async Task The_example_of_the_readme_sums_what_is_produced()
    {
        var topic = await kafka.NewTopicAsync(2);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort: 29611, gatewayPort: 29612);
            silo.AddMemoryGrainStorageAsDefault();
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddKafkaStreams("kafka", options =>
            {
                (options.Kafka.BootstrapServers, options.Kafka.Topic, options.Kafka.Group) = (kafka.Bootstrap, topic, topic);
                options.Kafka.DeadLetterTopic = topic + ".refused";
            });
        });
        builder.Services.AddLogging(logging => logging.ClearProviders());
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var client = host.Services.GetRequiredService<IClusterClient>();

        var orders = client.GetStreamProvider("kafka").GetStream<int>("orders", "ann");
        for (var number = 1; number <= 100; number++) await orders.OnNextAsync(number);

        var basket = client.GetGrain<IBasket>("ann");
        for (var looks = 0; await basket.SumAsync() < 5050 && looks < 400; looks++) await Pause.OfAsync(50);
        Assert.Equal(5050, await basket.SumAsync());
        await host.StopAsync(TestContext.Current.CancellationToken);
    }
}
