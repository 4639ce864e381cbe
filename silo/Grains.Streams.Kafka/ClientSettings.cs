using Confluent.Kafka;

namespace Grains.Streams.Kafka;

/// <summary>The options in the words of librdkafka.</summary>
internal static class ClientSettings
{
    private const int MaxQueuedMessages = 100_000;

    // An estimate of a record's size with what librdkafka keeps beside it.
    private const int BytesPerMessage = 512;

    /// <param name="options">The options.</param>
    /// <param name="classic">Whether the members assign.</param>
    /// <param name="partitions">How many partitions the topic has.</param>
    public static ConsumerConfig Consumer(KafkaStreamOptions options, bool classic, int partitions)
    {
        // Each partition has a queue of its own, and librdkafka bounds each by itself.
        var share = options.MemoryBytes / Math.Max(1, partitions);
        var config = new ConsumerConfig(Common(options))
        {
            GroupId = options.Group,
            GroupProtocol = classic ? GroupProtocol.Classic : GroupProtocol.Consumer,
            GroupInstanceId = options.Once ? null : options.InstanceId,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            // A position that the log does not have is told, counted and repaired here, never passed over in silence.
            AutoOffsetReset = AutoOffsetReset.Error,
            CheckCrcs = true,
            EnablePartitionEof = true,
            IsolationLevel = IsolationLevel.ReadCommitted,
            FetchWaitMaxMs = (int)options.FetchWait.TotalMilliseconds,
            FetchQueueBackoffMs = (int)options.FetchRest.TotalMilliseconds,
            FetchErrorBackoffMs = 100,
            MaxPartitionFetchBytes = (int)Math.Clamp(share / 8, 64 << 10, 1 << 20),
            QueuedMaxMessagesKbytes = (int)Math.Clamp(share / 2 / 1024, 64, 2_097_151),
            QueuedMinMessages = (int)Math.Clamp(share / BytesPerMessage, 500, MaxQueuedMessages),
            TopicMetadataRefreshIntervalMs = (int)Math.Max(1000, options.TopicCheckInterval.TotalMilliseconds),
            AllowAutoCreateTopics = false,
            // Of use only where the batch calls cannot be bound.
            ConsumeResultFields = "topic",
        };
        if (!classic) return config;

        config.SessionTimeoutMs = (int)options.SessionTimeout.TotalMilliseconds;
        // By their heartbeats members hear that partitions move, and twice in a move: nobody reads a partition meanwhile.
        config.HeartbeatIntervalMs = (int)Math.Clamp(options.SessionTimeout.TotalMilliseconds / 10, 250, 1000);
        config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
        return config;
    }

    public static ProducerConfig Producer(KafkaStreamOptions options) => new(Common(options))
    {
        EnableIdempotence = true,
        Acks = Acks.All,
        CompressionType = CompressionType.Lz4,
        MessageMaxBytes = options.MaxRecordBytes,
        AllowAutoCreateTopics = false,
        // A record is tried until it is kept or the caller gives up.
        MessageTimeoutMs = 0,
    };

    public static AdminClientConfig Admin(KafkaStreamOptions options) => new(Common(options));

    private static Dictionary<string, string> Common(KafkaStreamOptions options)
    {
        var settings = new Dictionary<string, string>(options.Client)
        {
            ["bootstrap.servers"] = options.BootstrapServers,
            ["client.id"] = options.Client.TryGetValue("client.id", out var id) ? id : options.InstanceId ?? "grains",
            ["reconnect.backoff.max.ms"] = "1000",
            ["log.connection.close"] = "false",
            ["security.protocol"] = options.Security.Transport switch
            {
                KafkaTransport.Tls => "ssl",
                KafkaTransport.SaslPlaintext => "sasl_plaintext",
                KafkaTransport.SaslTls => "sasl_ssl",
                _ => "plaintext",
            },
        };
        if (options.Security.IsSasl) AddSasl(settings, options.Security);
        if (options.Security.IsTls) AddTls(settings, options.Security);
        return settings;
    }

    private static void AddSasl(Dictionary<string, string> settings, KafkaSecurityOptions security)
    {
        settings["sasl.mechanism"] = security.Mechanism switch
        {
            KafkaSaslMechanism.Plain => "PLAIN",
            KafkaSaslMechanism.ScramSha256 => "SCRAM-SHA-256",
            _ => "SCRAM-SHA-512",
        };
        settings["sasl.username"] = security.UserName!;
        settings["sasl.password"] = security.Password!;
    }

    private static void AddTls(Dictionary<string, string> settings, KafkaSecurityOptions security)
    {
        if (security.AuthorityFile is { } authorities) settings["ssl.ca.location"] = authorities;
        if (security.CertificateFile is { } certificate) settings["ssl.certificate.location"] = certificate;
        if (security.KeyFile is { } key) settings["ssl.key.location"] = key;
        if (security.KeyPassword is { } password) settings["ssl.key.password"] = password;
    }
}
