using System.Diagnostics;
using Grains.Testing;
using Xunit;

namespace Grains.Tests.Server.Embedded;

/// <summary>The first command of the README: generated traffic, counted live.</summary>
public sealed class LiveTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Numbers_move_and_ctrl_c_stops_within_five_seconds_and_a_second_start_goes_on()
    {
        long read;
        await using (var silo = SiloProcess.Start(_folder.Path, "--http", "0", "--rate", "200"))
        {
            using var api = await SiloApi.FindAsync(silo, Limit);
            await api.WaitUntilReadAsync(1, Limit);
            read = await api.RecordsAsync();
            await api.WaitUntilReadAsync(read + 1, Limit);
            Assert.Contains("\"views\"", await api.GetAsync("/v1/courses/112"), StringComparison.Ordinal);

            var began = Stopwatch.GetTimestamp();
            await silo.InterruptAsync();
            Assert.Equal(0, await silo.ExitAsync(Limit));
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        }

        await using var again = SiloProcess.Start(_folder.Path, "--http", "0", "--rate", "200");
        using var found = await SiloApi.FindAsync(again, Limit);
        await found.WaitUntilReadAsync(1, Limit);
        Assert.True(await found.StartAsync() >= read, $"It began anew: {again.Output}");
    }
}
