using Grains.Streams;
using Grains.Streams.Files;
using Grains.Streams.Storage;

namespace Grains.Silo;

/// <summary>What is read: generated traffic, a file, or standard input.</summary>
internal static class LogSources
{
    public static IPartitionSource Create(SiloSettings settings, IBatchedSnapshots positions, TimeProvider time, ILoggerFactory logs) => settings.Input switch
    {
        null => new GeneratedTraffic(settings.Traffic, positions, time),
        "-" => new StandardInputSource(Console.OpenStandardInput(), new StandardInputOptions(), time),
        var path => new LogFileSource(new LogFileOptions { Path = path, ReadToEnd = settings.Once }, positions, time, logs.CreateLogger<LogFileSource>()),
    };
}
