using System.Collections.Concurrent;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Grains.Streams.Kafka.Consuming;

namespace Grains.Streams.Kafka;

/// <summary>Looks at everything that reading a topic needs, in order, and stops at the first thing that nothing works without.</summary>
public static class KafkaDoctor
{
    private const string Settings = "settings";
    private const string Brokers = "brokers";
    private const string TheTopic = "topic";
    private const string TheGroup = "group";
    private const string Offsets = "offsets";

    private const int Attempts = 10;

    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Examines settings, brokers, topic, group and offsets. Changes nothing. Takes a few seconds where something is away.</summary>
    public static async Task<IReadOnlyList<KafkaFinding>> ExamineAsync(KafkaStreamOptions options, CancellationToken cancellationToken)
    {
        var faults = Faults(options);
        if (faults.Count > 0) return faults;

        var errors = new ConcurrentQueue<Error>();
        using var admin = Admin(options, errors);
        var findings = new List<KafkaFinding>();
        if (await ExamineTopicAsync(options, admin, errors, findings, cancellationToken).ConfigureAwait(false) is not { } topic) return findings;

        await ExamineGroupAsync(options, admin, findings).ConfigureAwait(false);
        await ExamineOffsetsAsync(options, topic, admin, findings).ConfigureAwait(false);
        return findings;
    }

    /// <summary>Examines what sending to the topic needs: settings, brokers and topic. Changes nothing.</summary>
    public static async Task<IReadOnlyList<KafkaFinding>> ExamineTopicAsync(KafkaStreamOptions options, CancellationToken cancellationToken)
    {
        var findings = Faults(options);
        if (findings.Count > 0) return findings;

        var errors = new ConcurrentQueue<Error>();
        using var admin = Admin(options, errors);
        await ExamineTopicAsync(options, admin, errors, findings, cancellationToken).ConfigureAwait(false);
        return findings;
    }

    private static List<KafkaFinding> Faults(KafkaStreamOptions options) => [.. options.Faults().Select(fault => Fault(Settings, fault, "The settings contradict the rules.", "Correct the setting."))];

    private static IAdminClient Admin(KafkaStreamOptions options, ConcurrentQueue<Error> errors) =>
        new AdminClientBuilder(ClientSettings.Admin(options)).SetErrorHandler((_, error) => errors.Enqueue(error)).SetLogHandler(static (_, _) => { }).Build();

    private static async Task<TopicFacts?> ExamineTopicAsync(KafkaStreamOptions options, IAdminClient admin, ConcurrentQueue<Error> errors, List<KafkaFinding> findings, CancellationToken cancellationToken)
    {
        // The call of the client waits on its thread.
        if (!await Task.Run(() => ExamineBrokers(options, admin, errors, findings), cancellationToken).ConfigureAwait(false)) return null;

        return await ExamineTopicAsync(options, admin, findings).ConfigureAwait(false);
    }

    private static bool ExamineBrokers(KafkaStreamOptions options, IAdminClient admin, ConcurrentQueue<Error> errors, List<KafkaFinding> findings)
    {
        try
        {
            var metadata = admin.GetMetadata(Timeout);
            findings.Add(Well(Brokers, $"{metadata.Brokers.Count} answer: {string.Join(", ", metadata.Brokers.Select(broker => $"{broker.Host}:{broker.Port}"))}"));
            return true;
        }
        catch (KafkaException failure)
        {
            var told = errors.FirstOrDefault(error => error.Code is ErrorCode.Local_Authentication or ErrorCode.Local_Ssl) ?? errors.FirstOrDefault() ?? failure.Error;
            findings.Add(BrokersFault(options, told));
            return false;
        }
    }

    private static KafkaFinding BrokersFault(KafkaStreamOptions options, Error error) => error.Code switch
    {
        ErrorCode.Local_Authentication => Fault(
            Brokers, $"They refuse the user: {error.Reason}", "User, password or mechanism are not those that the brokers have.", $"Check user name and password, and that the brokers have the user for {options.Security.Mechanism}."),
        ErrorCode.Local_Ssl => Fault(Brokers, $"TLS fails: {error.Reason}", "The broker's certificate is not vouched for, or it does not speak TLS on this port.", "Name the authorities in Security.AuthorityFile, or set Security.Transport."),
        ErrorCode.Local_Resolve => Fault(Brokers, $"The name is not known: {error.Reason}", "BootstrapServers, or the name by which a broker calls itself, is unknown to this machine's DNS.", "Correct BootstrapServers; inside a cluster, check advertised.listeners."),
        _ => Fault(Brokers, $"None of {options.BootstrapServers} answers: {error.Reason}", "No broker listens there, a firewall is between, or the listener speaks another protocol.", "Check that Kafka runs and that BootstrapServers and Security.Transport are those of its listener."),
    };

    private static async Task<TopicFacts?> ExamineTopicAsync(KafkaStreamOptions options, IAdminClient admin, List<KafkaFinding> findings)
    {
        try
        {
            if (await TopicFacts.AskAsync(admin, options.Topic, Timeout).ConfigureAwait(false) is { } topic)
            {
                findings.Add(Well(TheTopic, $"'{options.Topic}' has {topic.Partitions} partitions (id {topic.Id})"));
                return topic;
            }

            findings.Add(Fault(TheTopic, $"There is no '{options.Topic}'", "Nobody has made it yet, or its name is another.", $"Make it: kafka-topics --create --topic {options.Topic} --partitions 8, or let the first producer make it. A silo waits for it."));
        }
        catch (KafkaException failure)
        {
            findings.Add(Fault(TheTopic, $"'{options.Topic}' cannot be described: {failure.Error.Reason}", "The user lacks a right, or the brokers are in trouble.", "Give the user DESCRIBE and READ on the topic."));
        }

        return null;
    }

    private static async Task ExamineGroupAsync(KafkaStreamOptions options, IAdminClient admin, List<KafkaFinding> findings)
    {
        try
        {
            var group = await PatientlyAsync(() => DescribeAsync(admin, options.Group)).ConfigureAwait(false);
            findings.Add(group.Members.Count == 0
                ? Well(TheGroup, $"'{options.Group}' has no members now")
                : Well(TheGroup, $"'{options.Group}' is {group.State}, {group.Members.Count} members: {string.Join(", ", group.Members.Select(Member))}"));
        }
        catch (KafkaException failure) when (failure.Error.Code == ErrorCode.GroupIdNotFound)
        {
            findings.Add(Well(TheGroup, $"'{options.Group}' is new"));
        }
        catch (KafkaException failure)
        {
            findings.Add(Fault(TheGroup, $"'{options.Group}' cannot be described: {failure.Error.Reason}", "The user lacks a right, or the group's coordinator is away.", "Give the user DESCRIBE and READ on the group."));
        }
    }

    private static async Task ExamineOffsetsAsync(KafkaStreamOptions options, TopicFacts topic, IAdminClient admin, List<KafkaFinding> findings)
    {
        try
        {
            var partitions = Enumerable.Range(0, topic.Partitions).Select(partition => new TopicPartition(options.Topic, partition)).ToList();
            var low = await BoundsAsync(admin, partitions, OffsetSpec.Earliest()).ConfigureAwait(false);
            var high = await BoundsAsync(admin, partitions, OffsetSpec.Latest()).ConfigureAwait(false);
            var asked = new[] { new ConsumerGroupTopicPartitions(options.Group, partitions) };
            var committed = await PatientlyAsync(() => admin.ListConsumerGroupOffsetsAsync(asked, new ListConsumerGroupOffsetsOptions { RequestTimeout = Timeout })).ConfigureAwait(false);
            foreach (var position in committed[0].Partitions) findings.Add(OffsetFinding(options, position.TopicPartitionOffset, low[position.Partition], high[position.Partition]));
        }
        catch (KafkaException failure)
        {
            findings.Add(Fault(Offsets, $"They cannot be asked: {failure.Error.Reason}", "The user lacks a right, or a partition has no leader.", "Give the user READ on the group and the topic; look for dead brokers."));
        }
    }

    private static async Task<ConsumerGroupDescription> DescribeAsync(IAdminClient admin, string group)
    {
        try
        {
            return (await admin.DescribeConsumerGroupsAsync([group], new DescribeConsumerGroupsOptions { RequestTimeout = Timeout }).ConfigureAwait(false)).ConsumerGroupDescriptions[0];
        }
        catch (DescribeConsumerGroupsException failure) when (failure.Results.ConsumerGroupDescriptions is [{ Error.IsError: true } described])
        {
            throw new KafkaException(described.Error);
        }
    }

    // Brokers that have just been started have no coordinator yet.
    private static async Task<T> PatientlyAsync<T>(Func<Task<T>> ask)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask().ConfigureAwait(false);
            }
            catch (KafkaException failure) when (attempt < Attempts && Committer.IsPassing(failure.Error))
            {
                await Task.Delay(AttemptDelay, TimeProvider.System).ConfigureAwait(false);
            }
        }
    }

    private static KafkaFinding OffsetFinding(KafkaStreamOptions options, TopicPartitionOffset committed, long low, long high)
    {
        var start = PartitionStart.Of(committed.TopicPartition, committed.Offset.Value >= 0 ? committed.Offset.Value : null, low, high, options.StartAt, once: false);
        var name = $"partition {committed.Partition.Value}";
        if (start.Gone > 0)
        {
            return Fault(Offsets, $"{name}: {start.Gone} records below {low} are gone and were never read", "The topic's retention is shorter than the time that nobody read.", "Raise retention.ms or retention.bytes. Reading will go on at the first record that is there.");
        }

        if (start.BeyondEnd is { } position)
        {
            return Fault(Offsets, $"{name}: the group stands at {position}, and the log ends at {high}", "The topic was deleted and made again, or its log was cut by an unclean leader election.", "Nothing for a new topic: it is read from its beginning. Otherwise look into the brokers' logs.");
        }

        return Well(Offsets, $"{name}: from {start.Position}, {high - start.Position} records to read{(committed.Offset.Value < 0 ? " (nothing committed yet)" : "")}");
    }

    private static async Task<Dictionary<Partition, long>> BoundsAsync(IAdminClient admin, List<TopicPartition> partitions, OffsetSpec spec)
    {
        var asked = partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = spec });
        var listed = await admin.ListOffsetsAsync(asked, new ListOffsetsOptions { RequestTimeout = Timeout, IsolationLevel = IsolationLevel.ReadCommitted }).ConfigureAwait(false);
        return listed.ResultInfos.ToDictionary(info => info.TopicPartitionOffsetError.Partition, info => info.TopicPartitionOffsetError.Offset.Value);
    }

    private static string Member(MemberDescription member) => $"{(string.IsNullOrEmpty(member.GroupInstanceId) ? member.ClientId : member.GroupInstanceId)} at {member.Host}";

    private static KafkaFinding Well(string subject, string found) => new(KafkaFindingSeverity.Well, subject, found);

    private static KafkaFinding Fault(string subject, string found, string cause, string fix) => new(KafkaFindingSeverity.Fault, subject, found, cause, fix);
}
