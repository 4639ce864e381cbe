using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Grains.Tests.Server.Embedded;

/// <summary>The HTTP API of a running silo.</summary>
internal sealed partial class SiloApi(Uri address) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient _http = new() { BaseAddress = address };

    /// <summary>Waits until the silo has said where it listens.</summary>
    public static async Task<SiloApi> FindAsync(SiloProcess silo, TimeSpan limit)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            if (Page().Match(silo.Output) is { Success: true } page) return new SiloApi(new Uri(page.Groups["url"].Value));
            if (silo.HasExited || Stopwatch.GetElapsedTime(began) > limit) throw new TimeoutException($"The silo did not say where it listens: {silo.Output}{silo.Errors}");

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>How many records the silo has read since it began.</summary>
    public async Task<long> RecordsAsync()
    {
        using var status = JsonDocument.Parse(await _http.GetStringAsync("/v1/status"));
        return status.RootElement.GetProperty("records").GetInt64();
    }

    /// <summary>The position that the silo began to read its only partition at.</summary>
    public async Task<long> StartAsync()
    {
        using var status = JsonDocument.Parse(await _http.GetStringAsync("/v1/status"));
        return status.RootElement.GetProperty("partitions")[0].GetProperty("position").GetInt64() - status.RootElement.GetProperty("records").GetInt64();
    }

    public Task<string> GetAsync(string path) => _http.GetStringAsync(path);

    public async Task WaitUntilReadAsync(long records, TimeSpan limit)
    {
        var began = Stopwatch.GetTimestamp();
        for (var read = 0L; (read = await RecordsAsync()) < records;)
        {
            if (Stopwatch.GetElapsedTime(began) > limit) throw new TimeoutException($"After {limit} the silo has read {read} of {records} records: {await GetAsync("/v1/status")}");

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex(@"page\s+(?<url>http://\S+)")]
    private static partial Regex Page();
}
