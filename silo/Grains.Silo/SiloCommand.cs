using System.CommandLine;

namespace Grains.Silo;

/// <summary>The command line: each option is a setting by another name.</summary>
internal static class SiloCommand
{
    public static RootCommand Create()
    {
        var settings = new Dictionary<Option, string>
        {
            [new Option<string>("--input") { Description = "The log to read and follow, across rotation and rewriting; '-' is standard input. Without it, traffic is generated.", HelpName = "FILE" }] = "Input",
            [new Option<string>("--kafka") { Description = "Read a topic in place of a file: its brokers.", HelpName = "HOST:PORT,…" }] = "Kafka:BootstrapServers",
            [new Option<string>("--topic") { Description = "With --kafka: the topic, a log line a record.", HelpName = "NAME" }] = "Kafka:Topic",
            [new Option<string>("--group") { Description = "With --kafka: the consumer group (default: grains).", HelpName = "NAME" }] = "Kafka:Group",
            [new Option<string>("--hbase") { Description = "Keep states and history in HBase, in place of SQLite, or with --postgres in place of that database: its masters.", HelpName = "HOST:PORT,…" }] = "HBase:Client:Masters",
            [new Option<string>("--postgres") { Description = "Be one of several silos that find each other in this database. They keep states and history there too, or with --hbase in HBase.", HelpName = "CONNECTION" }] = "Postgres:ConnectionString",
            [new Option<string>("--name") { Description = "With --postgres: this silo's name, the same after a restart and no other silo's.", HelpName = "NAME" }] = "Cluster:Name",
            [new Option<bool>("--once") { Description = "Read to the present end, make everything durable, print a summary and exit. Opens no port." }] = "Once",
            [new Option<string>("--export") { Description = "With --once: write every number to this file before the exit.", HelpName = "FILE" }] = "Export",
            [new Option<string>("--report") { Description = "With --once: the summary as 'text' or 'json'.", HelpName = "FORM" }] = "Report",
            [new Option<string>("--data") { Description = "The folder that everything durable is in (default: data).", HelpName = "DIR" }] = "Data",
            [new Option<int>("--http") { Description = "The port of the page and the API (default: 8080).", HelpName = "PORT" }] = "Http",
            [new Option<string>("--ua-rules") { Description = "uap-core's regexes.yaml: the rules by which browsers are told apart (default: the one that came with the build).", HelpName = "FILE" }] = "Weblog:AgentRulesFile",
            [new Option<string>("--geo") { Description = "A country database in MaxMind's format (default: the one that came with the build).", HelpName = "FILE" }] = "Weblog:RegionDatabaseFile",
            [new Option<int>("--rate") { Description = "Generated log lines a second (default: 500).", HelpName = "N" }] = "Traffic:LinesPerSecond",
            [new Option<int>("--courses") { Description = "Courses of the generated site (default: 1000).", HelpName = "N" }] = "Traffic:Courses",
        };
        var set = new Option<string[]>("--set") { Description = "Any other setting of appsettings.json: --set Cells:SnapshotInterval=00:00:05. May be given more than once.", HelpName = "NAME=VALUE" };
        var command = new RootCommand("Live statistics of web courses, exactly counted: reads an access log and answers who is looking at which course right now.") { set };
        foreach (var option in settings.Keys) command.Options.Add(option);

        command.SetAction((parsed, cancellationToken) => Entry.RunAsync(Given(parsed, settings, set), cancellationToken));
        return command;
    }

    // The settings that were given, as configuration of the section.
    private static Dictionary<string, string?> Given(ParseResult parsed, Dictionary<Option, string> settings, Option<string[]> set)
    {
        var given = new Dictionary<string, string?>();
        foreach (var (option, name) in settings)
        {
            if (parsed.GetResult(option) is not { Implicit: false } result) continue;

            given[$"{SiloSettings.Section}:{name}"] = result.Tokens.Count == 0 ? "true" : result.Tokens[^1].Value;
        }

        foreach (var pair in parsed.GetValue(set) ?? [])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            given[$"{SiloSettings.Section}:{(equals < 0 ? pair : pair[..equals])}"] = equals < 0 ? "true" : pair[(equals + 1)..];
        }

        return given;
    }
}
