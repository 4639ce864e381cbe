using System.Diagnostics;
using System.Globalization;
using Grains.Fuzz;
using SharpFuzz;

return args switch
{
    ["afl", var reader] => Afl(reader),
    ["mutate", var reader, var seconds, .. var seed] when HBaseReaders.All.ContainsKey(reader) => Mutate(reader, int.Parse(seconds, CultureInfo.InvariantCulture), seed is [var given] ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount),
    ["corpus", var folder] => await CorpusMaker.RunAsync(folder),
    _ => Usage(),
};

// Order matters: code that SharpFuzz has changed must not run before the fuzzer has given it its memory, and making the readers runs it.
static int Afl(string reader)
{
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var input = new MemoryStream();
        stream.CopyTo(input);
        HBaseReaders.All[reader](input.ToArray());
    });
    return 0;
}

// Without any other tool: as many mutations as the time allows. A finding ends it, with the seed and the bytes.
static int Mutate(string reader, int seconds, int seed)
{
    var (read, corpus, random) = (HBaseReaders.All[reader], Corpus.Of(reader), new Random(seed));
    var began = Stopwatch.GetTimestamp();
    var executions = 0L;
    for (; Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; executions++)
    {
        var bytes = Mutation.Next(corpus, random);
        try
        {
            read(bytes);
        }
        catch (Exception finding)
        {
            Console.Error.WriteLine($"{reader}, seed {seed}, execution {executions}: {Convert.ToHexString(bytes)}\n{finding}");
            return 1;
        }
    }

    Console.WriteLine($"{reader}: {executions} executions, seed {seed}, nothing found");
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine($"afl READER | mutate READER SECONDS [SEED] | corpus FOLDER. Readers: {string.Join(", ", HBaseReaders.All.Keys)}");
    return 2;
}
