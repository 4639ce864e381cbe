using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Grains.Tests.Server.Kafka;
using Xunit;

[assembly: AssemblyFixture(typeof(KafkaServer))]

namespace Grains.Tests.Server.Kafka;

/// <summary>The Kafka that the tests of this run share: the one that KAFKA_BOOTSTRAP names, or one started from the servers' folder, or none, and then the tests are skipped, or fail where CI is set.</summary>
public sealed class KafkaServer : IAsyncLifetime
{
    private const int Port = 29092;

    private readonly string? _script = FindScript();
    private string? _folder;
    private string? _bootstrap = Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP");
    private string _absent = "";

    /// <summary>The brokers; skips the test where there are none.</summary>
    public string Bootstrap
    {
        get
        {
            if (_bootstrap is null && Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(_absent);
            Assert.SkipWhen(_bootstrap is null, _absent);
            return _bootstrap!;
        }
    }

    /// <summary>The servers' folder; skips the test where there is none.</summary>
    public string Script
    {
        get
        {
            if (_script is null && Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(_absent);
            Assert.SkipWhen(_script is null, "The test starts brokers of its own, and the servers' folder or java is not here.");
            return _script!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (_bootstrap is not null) return;

        if (_script is null)
        {
            _absent = "KAFKA_BOOTSTRAP names no broker, and ../shared/servers/kafka/server or java is not here.";
            return;
        }

        _folder = Directory.CreateTempSubdirectory("grains-kafka-").FullName;
        _bootstrap = await StartAsync(_script, _folder, "--port", $"{Port}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is null) return;

        await RunAsync(_script!, "stop", _folder);
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Starts brokers in a folder.</summary>
    /// <returns>Their addresses.</returns>
    public static async Task<string> StartAsync(string script, string folder, params string[] arguments)
    {
        var output = await RunAsync(script, ["start", folder, .. arguments]);
        return output.Split('\n').Single(line => line.StartsWith("bootstrap=", StringComparison.Ordinal))["bootstrap=".Length..].Trim();
    }

    public static async Task<string> RunAsync(string script, params string[] arguments)
    {
        // Brokers outlive the script and would hold a pipe open, so the output goes through a file.
        var file = Path.GetTempFileName();
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", "\"$0\" \"$@\" >\"$OUTPUT\" 2>&1", script, .. arguments]) { Environment = { ["OUTPUT"] = file } })!;
        await process.WaitForExitAsync();
        var output = await File.ReadAllTextAsync(file);
        File.Delete(file);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{script} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}");
    }

    /// <summary>Makes a topic of a name that no other test has.</summary>
    public async Task<string> NewTopicAsync(int partitions = 1, Dictionary<string, string>? settings = null)
    {
        var topic = $"t-{Guid.NewGuid():n}";
        await CreateAsync(topic, partitions, settings);
        return topic;
    }

    public async Task CreateAsync(string topic, int partitions, Dictionary<string, string>? settings = null)
    {
        using var admin = Admin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1, Configs = settings }]);
        while (admin.GetMetadata(topic, TimeSpan.FromSeconds(5)).Topics[0] is not { Error.IsError: false } described || described.Partitions.Count != partitions)
        {
            await Pause.OfAsync(50);
        }
    }

    /// <summary>The partitions of a topic.</summary>
    public IEnumerable<TopicPartition> Partitions(string topic)
    {
        using var admin = Admin();
        return [.. admin.GetMetadata(topic, TimeSpan.FromSeconds(5)).Topics[0].Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId))];
    }

    public IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Bootstrap }).Build();

    private static string? FindScript()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "java")))) return null;

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "shared", "servers", "kafka", "server");
            if (File.Exists(script)) return script;
        }

        return null;
    }
}
