namespace Grains.Tests.Server.Kafka;

/// <summary>Brokers of one test alone.</summary>
internal sealed class OwnBrokers(string script, string folder, string bootstrap) : IAsyncDisposable
{
    public string Bootstrap { get; } = bootstrap;

    public static async Task<OwnBrokers> StartAsync(string script, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("grains-kafka-").FullName;
        return new OwnBrokers(script, folder, await KafkaServer.StartAsync(script, folder, arguments));
    }

    /// <summary>kill, term, pause, resume or revive a broker; start or stop them all (broker 0).</summary>
    public Task DoAsync(string verb, int broker = 0) => broker == 0 ? KafkaServer.RunAsync(script, verb, folder) : KafkaServer.RunAsync(script, verb, folder, $"{broker}");

    public Task TopicAsync(string name, int partitions, int replicas) => KafkaServer.RunAsync(script, "topic", folder, name, $"{partitions}", $"{replicas}");

    /// <summary>Stops the one broker, changes its settings, and starts it again. What the script asks of it afterwards, it asks as before.</summary>
    public async Task ReconfigureAsync(Func<string, string> change)
    {
        await DoAsync("stop");
        var file = Path.Combine(folder, "broker-1.properties");
        await File.WriteAllTextAsync(file, change(await File.ReadAllTextAsync(file)));
        await DoAsync("revive", broker: 1);
    }

    public async ValueTask DisposeAsync()
    {
        await KafkaServer.RunAsync(script, "stop", folder);
        Directory.Delete(folder, recursive: true);
    }
}
