using System.Globalization;
using Grains.Benchmarks.Cluster;
using Grains.Benchmarks.Engine;
using Grains.Benchmarks.Files;
using Grains.Benchmarks.HBase;
using Grains.Benchmarks.Kafka;
using Grains.Benchmarks.Postgres;
using Grains.Benchmarks.Sqlite;
using Grains.Benchmarks.Weblog;
using Grains.Benchmarks.Windows;

// One verb a benchmark. Build with -c Release.
return args switch
{
    ["parse", .. var rest] => ParseBenchmark.Run(rest),
    ["hbase", .. var rest] => await ClientBenchmark.RunAsync(rest),
    ["hbase-faults", .. var rest] => await FaultBenchmark.RunAsync(rest),
    ["file", var log, var rules, var regions, .. var rounds] => await FileBenchmark.RunAsync(log, rules, regions, rounds is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 1),
    ["loop", var log, var rules, var regions] => ReferenceRun.Run(log, rules, regions),
    ["takeover", var bootstrap, var topic, var postgres, var rules, var regions] => await TakeoverBenchmark.RunAsync(bootstrap, topic, postgres, rules, regions),
    ["windows"] => WindowsBenchmark.Run(),
    ["postgres", var connection, .. var calls] => await Done(PostgresBenchmark.RunAsync(connection, calls is [] ? [16] : Array.ConvertAll(calls, static count => int.Parse(count, CultureInfo.InvariantCulture)))),
    ["sqlite"] => await Done(SqliteBenchmark.RunAsync()),
    ["follow"] => await Done(LogFileBenchmark.RunAsync()),
    ["kafka", var bootstrap, var topic, ("batch" or "consume") and var what] => await Done(TopicBenchmark.RunAsync(bootstrap, topic, what, [])),
    ["kafka", var bootstrap, var topic, "fresh"] => await Done(FreshnessBenchmark.RunAsync(bootstrap, topic)),
    ["kafka", var bootstrap, var topic, "count", var rules, var regions] => await Done(TopicBenchmark.RunAsync(bootstrap, topic, "count", [rules, regions])),
    ["provider", var bootstrap, var topic, .. var sizes] => await Done(ProviderBenchmark.RunAsync(bootstrap, topic, Size(sizes, 0, 500_000), Size(sizes, 1, 1))),
    _ => Usage(),
};

static async Task<int> Done(Task benchmark)
{
    await benchmark;
    return 0;
}

static int Size(string[] sizes, int at, int absent) => sizes.Length > at ? int.Parse(sizes[at], CultureInfo.InvariantCulture) : absent;

static int Usage()
{
    Console.Error.WriteLine("file LOG REGEXES MMDB [ROUNDS 1] | parse LOG REGEXES MMDB [COUNTS] | hbase MASTER:PORT [OPERATIONS 100000] [IN_FLIGHT 64] [VALUE_BYTES 200] | hbase-faults [ROUNDS 3] [SEED] | kafka BOOTSTRAP TOPIC batch|consume|fresh|(count REGEXES MMDB) | provider BOOTSTRAP TOPIC [RECORDS 500000] [EVENTS_PER_DELIVERY 1] | postgres CONNECTION [CALLS 16]... | takeover BOOTSTRAP TOPIC POSTGRES REGEXES MMDB | windows | sqlite | follow");
    return 2;
}
