using Grains.Silo.Tutorial;
using Grains.Storage.HBase;
using Grains.Storage.Postgres;
using Grains.Streams;
using Grains.Streams.Kafka;
using Grains.Weblog;
using Grains.Windows;

namespace Grains.Silo;

/// <summary>Every setting of a silo: the section <c>Grains</c> of appsettings.json, the environment (<c>Grains__Http=9000</c>), and the command line, later ones first.</summary>
public sealed class SiloSettings
{
    /// <summary>The section's name.</summary>
    public const string Section = "Grains";

    /// <summary>The log file to read and follow; <c>-</c> for standard input. Default: none, traffic is generated.</summary>
    public string? Input { get; set; }

    /// <summary>Read to the present end, make everything durable, print a summary and exit. Default false.</summary>
    public bool Once { get; set; }

    /// <summary>With <see cref="Once"/>: where the export is written before the exit. Default: nowhere.</summary>
    public string? Export { get; set; }

    /// <summary>With <see cref="Once"/>: the form of the summary, <c>text</c> or <c>json</c>. Default text.</summary>
    public string Report { get; set; } = "text";

    /// <summary>The folder that everything durable is in. Default <c>data</c>, below the folder that the program is started in.</summary>
    public string Data { get; set; } = "data";

    /// <summary>The port of the page and the API, on the loopback interface. Default 8080.</summary>
    public int Http { get; set; } = 8080;

    /// <summary>The topic that is read in place of a file, where <c>BootstrapServers</c> is set. The group is <c>grains</c> unless another is named.</summary>
    public KafkaStreamOptions Kafka { get; set; } = new() { Group = "grains" };

    /// <summary>Where states and history are kept in place of SQLite and of PostgreSQL, where <c>Client:Masters</c> is set. A silo is one of a cluster only where <see cref="Postgres"/> is set too.</summary>
    public HBaseStorageOptions HBase { get; set; } = new() { Client = { Masters = "" } };

    /// <summary>Where the silos of a cluster find each other, and keep states and history unless they are kept in HBase, where <c>ConnectionString</c> is set. Without it the silo is alone.</summary>
    public PostgresOptions Postgres { get; set; } = new() { ConnectionString = "" };

    /// <summary>This silo among others, where <see cref="Postgres"/> is set.</summary>
    public ClusterSettings Cluster { get; set; } = new();

    /// <summary>The tutorial's own tables, kept beside the others where <see cref="HBase"/> is set.</summary>
    public TutorialTableSettings TutorialTables { get; set; } = new();

    /// <summary>Whether a topic is read.</summary>
    public bool ReadsKafka => Kafka.BootstrapServers.Length > 0;

    /// <summary>Whether this silo is one of a cluster.</summary>
    public bool IsClustered => Postgres.ConnectionString.Length > 0;

    /// <summary>Whether states are kept in PostgreSQL.</summary>
    public bool KeepsInPostgres => IsClustered && !KeepsInHBase;

    /// <summary>Whether states are kept in HBase.</summary>
    public bool KeepsInHBase => HBase.Client.Masters.Length > 0;

    /// <summary>The traffic that is generated where no input is named.</summary>
    public TrafficSettings Traffic { get; set; } = new();

    /// <summary>How log lines are understood.</summary>
    public WeblogOptions Weblog { get; set; } = new();

    /// <summary>How views are kept by time.</summary>
    public WindowSettings Windows { get; set; } = new();

    /// <summary>How the log is read.</summary>
    public StreamOptions Streams { get; set; } = new();

    /// <summary>How courses are kept in memory and written.</summary>
    public CellOptions Cells { get; set; } = new();

    /// <summary>Every fault of the settings, in sentences; empty where there is none.</summary>
    public IEnumerable<string> Faults()
    {
        if (Http is < 0 or > 65535) yield return $"Http is {Http}; it must be a port from 1 to 65535, or 0 for any free one (default 8080).";
        if (string.IsNullOrWhiteSpace(Data)) yield return "Data is empty; it must name a folder (default data).";
        if (Report is not ("text" or "json")) yield return $"Report is '{Report}'; it must be text or json (default text).";
        if (Once && Input is null && !ReadsKafka) yield return "Once reads a log to its end, and there is none: name it with --input FILE, or a topic with --kafka and --topic.";
        if (Input is not null && ReadsKafka) yield return "Input and Kafka are both set; name one of them.";
        if (!ReadsKafka && Kafka.Topic.Length > 0) yield return "A topic is named and no broker: name it with --kafka HOST:PORT.";
        if (ReadsKafka)
        {
            foreach (var fault in Kafka.Faults()) yield return fault;
        }

        if (KeepsInHBase)
        {
            foreach (var fault in HBase.Validate()) yield return $"HBase: {fault}";
        }

        if (TutorialTables.Enabled && !KeepsInHBase) yield return "TutorialTables are tables of HBase: name its masters with --hbase HOST:PORT.";
        if (IsClustered)
        {
            foreach (var fault in Postgres.Faults().Concat(Cluster.Faults())) yield return fault;
            if (Once) yield return "Once is a run of one process, and does not join a cluster: leave Postgres out, or Once.";
            if (!ReadsKafka) yield return "Silos of a cluster share the partitions of a topic: name it with --kafka HOST:PORT and --topic NAME. A file is read by one silo alone, without Postgres.";
        }

        if (Export is not null && !Once) yield return "Export is written at the end of a run with --once; for a running silo ask 'grains export'.";
        foreach (var fault in Traffic.Faults().Concat(Windows.Faults()).Concat(Streams.Faults()).Concat(Cells.Faults()).Concat(TutorialTables.Faults())) yield return fault;
        if (new WeblogOptionsValidator().Validate(null, Weblog) is { Failed: true } weblog)
        {
            foreach (var fault in weblog.Failures) yield return fault;
        }
    }
}
