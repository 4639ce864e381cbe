using Grains.Benchmarks.HBase;
using Grains.Benchmarks.Weblog;
using Grains.Benchmarks.Windows;

// One verb a benchmark. Build with -c Release.
return args switch
{
    ["parse", .. var rest] => ParseBenchmark.Run(rest),
    ["hbase", .. var rest] => await ClientBenchmark.RunAsync(rest),
    ["windows"] => WindowsBenchmark.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("parse LOG REGEXES MMDB [COUNTS] | hbase MASTER:PORT [OPERATIONS 100000] [IN_FLIGHT 64] [VALUE_BYTES 200] | windows");
    return 2;
}
