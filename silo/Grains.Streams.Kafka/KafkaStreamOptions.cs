namespace Grains.Streams.Kafka;

/// <summary>What a silo reads from Kafka, and how.</summary>
public sealed class KafkaStreamOptions
{
    private const long MinMemory = 1 << 20;

    // What exactly once rests on, and what is derived from other settings here.
    private static readonly string[] Reserved =
    [
        "auto.offset.reset", "bootstrap.servers", "check.crcs", "enable.auto.commit", "enable.auto.offset.store", "enable.partition.eof", "group.id", "group.instance.id", "group.protocol", "isolation.level",
        "partition.assignment.strategy", "queued.max.messages.kbytes", "queued.min.messages", "enable.idempotence", "acks",
    ];

    /// <summary>Brokers to begin with, <c>host:port,host:port</c>; the others are learnt from them. No default. One: nothing can be read at start while that one is away.</summary>
    public string BootstrapServers { get; set; } = "";

    /// <summary>The topic. No default. It may be made later; reading begins when it is there.</summary>
    public string Topic { get; set; } = "";

    /// <summary>The consumer group: silos of one group share the partitions. No default. Two services with one group each read a part; one service under a new group reads the topic from its beginning.</summary>
    public string Group { get; set; } = "";

    /// <summary>How the group shares the partitions. Default auto.</summary>
    public KafkaGroupProtocol GroupProtocol { get; set; } = KafkaGroupProtocol.Auto;

    /// <summary>
    /// The name under which a silo keeps its partitions across a restart (static membership), unique in the group. Default none: after a kill its partitions are read by nobody until <see cref="SessionTimeout"/>
    /// has passed. Set: a silo that comes back after a kill takes them at once; one that is killed for good leaves them unread for that long. One that stops leaves them to others at once in either case. Two silos under one name: the older one is shut out, and fails.
    /// </summary>
    public string? InstanceId { get; set; }

    /// <summary>How long a silo may be silent before its partitions go to others. Default 10 s; the classic protocol only, elsewhere the brokers set it. Shorter: a pause of the machine costs it its partitions; longer: those of a dead silo wait that long.</summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Where a group begins that has committed nothing. Default at the beginning; the end is never taken in silence.</summary>
    public KafkaStart StartAt { get; set; } = KafkaStart.Beginning;

    /// <summary>Read up to the present end of every partition, then end. Such a run reads all partitions by itself, is no member of the group, but begins and commits at the group's positions. Default false.</summary>
    public bool Once { get; set; }

    /// <summary>
    /// How many bytes of records a silo holds that are fetched and not yet handed on, about, whatever the storage does. Default 32 MiB. It is divided among all partitions of the topic, as a silo may get them all.
    /// Less than a MiB a partition: fetching starves; more: memory, and nothing gained beyond what the network delivers while a poll is counted.
    /// </summary>
    public long MemoryBytes { get; set; } = 32 << 20;

    /// <summary>How long a broker waits for the first record before it answers that there is none. Default 100 ms. Shorter: more empty answers; longer: a seek, and a partition that has just been assigned, wait that much longer. New records are answered at once in any case.</summary>
    public TimeSpan FetchWait { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long fetching of a partition rests when its share of <see cref="MemoryBytes"/> is full. Default 5 ms. Shorter: more looking; longer: a reader that has emptied it waits.</summary>
    public TimeSpan FetchRest { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Read through librdkafka's batch calls: half of the CPU, and no garbage. Default true. False: one by one through <c>Consume()</c>, as is done by itself, and logged, where the calls cannot be bound.
    /// </summary>
    public bool BatchCalls { get; set; } = true;

    /// <summary>The largest record that the producers of this silo, dead letters and lines, may send, in bytes; records of any size are read. Default 1,000,000, as the brokers'. Larger than the topic's <c>max.message.bytes</c>: the broker refuses them.</summary>
    public int MaxRecordBytes { get; set; } = 1_000_000;

    /// <summary>How long a partition that goes to another silo, or a stop, may take to make durable and commit what was read. Default 10 s. Shorter: more is read again; longer: the other silo waits while the storage is away.</summary>
    public TimeSpan ReleaseTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a request to a broker is tried again, and how often the log repeats that it is away at most. Default 1 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the topic is looked at: whether it is still the same one, and has more partitions. Default 2 s. Longer: a topic that was deleted, made again and filled beyond the old position in between is taken for the old one for so long.</summary>
    public TimeSpan TopicCheckInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The topic that refused records go to, with where they came from and why. Default none: they are counted, and not kept. It is made with one partition if it is not there. It must not be <see cref="Topic"/>.</summary>
    public string? DeadLetterTopic { get; set; }

    /// <summary>How clients prove who they are.</summary>
    public KafkaSecurityOptions Security { get; set; } = new();

    /// <summary>Other settings of librdkafka by their names, for all clients. Those that exactness rests on, or that are derived from the settings above, cannot be set here.</summary>
    public IDictionary<string, string> Client { get; set; } = new Dictionary<string, string>();

    /// <summary>Every fault of these settings, in sentences; empty where there is none.</summary>
    public IEnumerable<string> Faults()
    {
        var faults = Named().Concat(Numbered()).Concat(Security.Faults()).ToList();
        return faults.Select(fault => $"KafkaStreamOptions '{Topic}': {fault}");
    }

    /// <exception cref="ArgumentException">A setting is at fault; the message names all faults.</exception>
    internal void ThrowIfFaulty()
    {
        var faults = Faults().ToList();
        if (faults.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, faults));
    }

    private IEnumerable<string> Named()
    {
        if (string.IsNullOrWhiteSpace(BootstrapServers)) yield return "BootstrapServers is empty; it must name at least one broker, host:port.";
        if (TopicFault(Topic) is { } topic) yield return $"Topic {topic}";
        if (string.IsNullOrWhiteSpace(Group)) yield return "Group is empty; it must name the consumer group.";
        if (!Enum.IsDefined(GroupProtocol)) yield return $"GroupProtocol is {GroupProtocol}; it must be Auto, Consumer or Classic (default Auto).";
        if (InstanceId is not null && string.IsNullOrWhiteSpace(InstanceId)) yield return "InstanceId is blank; it must be a name, or not set.";
        if (!Enum.IsDefined(StartAt)) yield return $"StartAt is {StartAt}; it must be Beginning or End (default Beginning).";
        if (DeadLetterTopic is not null && TopicFault(DeadLetterTopic) is { } letters) yield return $"DeadLetterTopic {letters}";
        if (DeadLetterTopic is not null && DeadLetterTopic == Topic) yield return $"DeadLetterTopic is '{DeadLetterTopic}', the topic itself; refused records would be read and refused for ever.";
        foreach (var name in Client.Keys.Where(name => Reserved.Contains(name, StringComparer.Ordinal))) yield return $"Client sets '{name}', which this library sets itself.";
    }

    private IEnumerable<string> Numbered()
    {
        if (SessionTimeout < TimeSpan.FromSeconds(1) || SessionTimeout > TimeSpan.FromHours(1)) yield return $"SessionTimeout is {SessionTimeout}; it must be from 1 s to 1 h (default 00:00:10).";
        if (MemoryBytes < MinMemory) yield return $"MemoryBytes is {MemoryBytes}; it must be at least {MinMemory} (default 33554432).";
        if (FetchWait < TimeSpan.FromMilliseconds(1) || FetchWait > TimeSpan.FromSeconds(30)) yield return $"FetchWait is {FetchWait}; it must be from 1 ms to 30 s (default 00:00:00.1).";
        if (FetchRest < TimeSpan.FromMilliseconds(1) || FetchRest > TimeSpan.FromSeconds(1)) yield return $"FetchRest is {FetchRest}; it must be from 1 ms to 1 s (default 00:00:00.005).";
        if (MaxRecordBytes is < 1000 or > 1_000_000_000) yield return $"MaxRecordBytes is {MaxRecordBytes}; it must be from 1000 to 1000000000 (default 1000000).";
        // Longer than max.poll.interval.ms, and the group would take the partition away in the middle.
        if (ReleaseTimeout <= TimeSpan.Zero || ReleaseTimeout > TimeSpan.FromMinutes(4)) yield return $"ReleaseTimeout is {ReleaseTimeout}; it must be above zero and at most 4 min (default 00:00:10).";
        if (RetryDelay < TimeSpan.FromMilliseconds(10) || RetryDelay > TimeSpan.FromMinutes(1)) yield return $"RetryDelay is {RetryDelay}; it must be from 10 ms to 1 min (default 00:00:01).";
        if (TopicCheckInterval < TimeSpan.FromMilliseconds(100) || TopicCheckInterval > TimeSpan.FromMinutes(5)) yield return $"TopicCheckInterval is {TopicCheckInterval}; it must be from 100 ms to 5 min (default 00:00:02).";
    }

    // The brokers' rule: 1 to 249 of letters, digits, '.', '_' and '-'.
    private static string? TopicFault(string name) => name switch
    {
        "" => "is empty; it must name a topic.",
        "." or ".." => $"is '{name}'; that is no topic's name.",
        { Length: > 249 } => $"has {name.Length} characters; the brokers allow 249.",
        _ when name.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('.' or '_' or '-')) => $"is '{name}'; the brokers allow letters, digits, '.', '_' and '-'.",
        _ => null,
    };
}
