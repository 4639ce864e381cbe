using System.CommandLine;
using Grains.Cli.Sending;

namespace Grains.Cli.Commands;

/// <summary><c>grains send</c>: lines of files into a topic.</summary>
internal static class SendCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var files = new Argument<string[]>("FILE") { Description = "Files to send one after the other, line by line; unpacked where they end in .gz. - is the standard input", Arity = ArgumentArity.OneOrMore };
        var kafka = KafkaOptions.Brokers(isRequired: true);
        var topic = KafkaOptions.Topic(isRequired: true);
        var key = new Option<string?>("--key") { Description = "The key of a record. course: the course of the line, so that a course's lines are in one partition. Default: none, lines are spread evenly", HelpName = "course" };
        key.AcceptOnlyFromAmong("course");
        var set = KafkaSecurity.Option();
        var command = new Command("send", "Send lines to a Kafka topic, each kept by all in-sync replicas and by retries not doubled") { files, kafka, topic, key, set };
        command.SetAction((result, cancellationToken) =>
        {
            var options = KafkaOptions.Of(
                result.GetRequiredValue(kafka)!, result.GetRequiredValue(topic)!, secure: security => KafkaSecurity.Apply(security, result.GetValue(set) ?? [], surroundings.Variable ?? (static _ => null)));
            return new Sender(surroundings, options, byCourse: result.GetValue(key) is not null).RunAsync(result.GetRequiredValue(files), cancellationToken);
        });
        return command;
    }
}
