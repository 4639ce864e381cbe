using System.Text;
using Grains.Courses;
using Grains.Silo;
using Grains.Streams;
using Grains.Testing;
using Grains.Tests.Server.Embedded;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Grains.Tests.Server.Cluster;

/// <summary>The checker of the exactly-once tests is itself checked: it sees a single record that a broken reader drops, doubles or moves to another minute.</summary>
public sealed class CheckerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Bug.None)]
    [InlineData(Bug.Drop)]
    [InlineData(Bug.Double)]
    [InlineData(Bug.Move)]
    public async Task One_wrong_record_of_two_hundred_thousand_is_seen(Bug bug)
    {
        var workload = await Workload.GetAsync();
        var log = _folder.File("access.log");
        await File.WriteAllBytesAsync(log, workload.Log, TestContext.Current.CancellationToken);
        var view = workload.SplitLines().Index().First(line => line.Index > 100_000 && IsView(line.Item)).Index;

        var fault = ExportCheck.Fault(workload.Expected, await ExportAsync(log, bug, view));

        if (bug == Bug.None) Assert.Null(fault);
        else Assert.NotNull(fault);
    }

    private static bool IsView(ReadOnlyMemory<byte> line)
    {
        var text = Encoding.ASCII.GetString(line.Span);
        return text.Contains("\"GET /class/", StringComparison.Ordinal) && text.Contains(" 200 ", StringComparison.Ordinal);
    }

    private async Task<byte[]> ExportAsync(string log, Bug bug, int record)
    {
        var settings = new SiloSettings { Input = log, Once = true, Data = _folder.File("data") };
        settings.Weblog.AgentRulesFile = BesideRepository.Shared("bench/data/regexes.yaml");
        settings.Weblog.RegionDatabaseFile = BesideRepository.Shared("bench/data/geo.mmdb");
        settings.Weblog.FutureTolerance = TimeSpan.FromDays(365);
        var services = new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning)).AddCourses(settings);
        var sound = services.Last(service => service.ServiceType == typeof(IPartitionSource));
        services.Remove(sound);
        services.AddSingleton<IPartitionSource>(provider => new PlantedBug((IPartitionSource)sound.ImplementationFactory!(provider), bug, record));
        services.AddStream(CourseServices.Define);
        await using var provider = services.BuildServiceProvider();

        var reading = provider.GetRequiredService<IReading>();
        await reading.StartAsync(TestContext.Current.CancellationToken);
        await reading.Completion;
        await reading.StopAsync(TestContext.Current.CancellationToken);
        var export = _folder.File("export.tsv");
        await ExportFile.WriteAsync(export, provider.GetRequiredService<CourseExport>().ReadAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        return await File.ReadAllBytesAsync(export, TestContext.Current.CancellationToken);
    }
}
