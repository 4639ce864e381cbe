using Microsoft.Extensions.Options;

namespace Grains.Silo;

/// <summary>From settings to a running silo or a finished batch; every fault that a person can mend becomes one line and an exit code.</summary>
internal static class Entry
{
    private const int Failed = 1;

    public static async Task<int> RunAsync(Dictionary<string, string?> given, CancellationToken cancellationToken)
    {
        try
        {
            var configuration = new ConfigurationBuilder()
                .SetBasePath(AppContext.BaseDirectory)
                .AddJsonFile("appsettings.json", optional: true)
                .AddJsonFile(Path.Combine(Directory.GetCurrentDirectory(), "appsettings.json"), optional: true)
                .AddEnvironmentVariables()
                .AddInMemoryCollection(given)
                .Build();
            var settings = Read(configuration);
            return settings.Once ? await BatchRun.RunAsync(settings, configuration, cancellationToken) : await LiveSilo.RunAsync(settings, configuration, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception failure) when (Fault.Explain(failure) is { } lines)
        {
            foreach (var line in lines) await Console.Error.WriteLineAsync(line);
            return Failed;
        }
    }

    private static SiloSettings Read(IConfigurationRoot configuration)
    {
        var settings = new SiloSettings();
        configuration.GetSection(SiloSettings.Section).Bind(settings, binder => binder.ErrorOnUnknownConfiguration = true);
        var faults = settings.Faults().ToList();
        return faults.Count == 0 ? settings : throw new OptionsValidationException(SiloSettings.Section, typeof(SiloSettings), faults);
    }
}
