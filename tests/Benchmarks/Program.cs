using Grains.Benchmarks.HBase;
using Grains.Benchmarks.Weblog;

// One verb a benchmark. Build with -c Release.
return args switch
{
    ["parse", .. var rest] => ParseBenchmark.Run(rest),
    ["hbase", .. var rest] => await ClientBenchmark.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("parse LOG REGEXES MMDB [COUNTS] | hbase MASTER:PORT [OPERATIONS 100000] [IN_FLIGHT 64] [VALUE_BYTES 200]");
    return 2;
}
