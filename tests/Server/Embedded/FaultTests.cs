using System.Net;
using System.Net.Sockets;
using Grains.Testing;
using Xunit;

namespace Grains.Tests.Server.Embedded;

/// <summary>What a person did wrong becomes one clear line and an exit code.</summary>
public sealed class FaultTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_missing_log_is_named() => await FailsWithAsync("absent.log", "--input", "absent.log", "--once");

    [Fact]
    public async Task A_setting_out_of_range_is_named_with_its_range() => await FailsWithAsync("it must be a port from 1 to 65535", "--http", "99999");

    [Fact]
    public async Task A_number_that_is_none_is_named() => await FailsWithAsync("--http", "--http", "many");

    [Fact]
    public async Task An_unknown_setting_is_named() => await FailsWithAsync("NoSuchSetting", "--set", "NoSuchSetting=1");

    [Fact]
    public async Task Missing_rules_are_named() => await FailsWithAsync("absent.yaml", "--ua-rules", "absent.yaml");

    [Fact]
    public async Task A_folder_is_not_a_log()
    {
        Directory.CreateDirectory(_folder.File("folder"));
        await FailsWithAsync("folder", "--input", "folder", "--once");
    }

    [Fact]
    public async Task A_database_that_is_none_is_named()
    {
        Directory.CreateDirectory(_folder.File("data"));
        await File.WriteAllTextAsync(_folder.File("data/grains.db"), new string('x', 10_000), TestContext.Current.CancellationToken);
        await FailsWithAsync("grains.db", "--http", "0");
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await FailsWithAsync("--http PORT", "--http", $"{((IPEndPoint)other.LocalEndpoint).Port}");
    }

    [Fact]
    public async Task A_second_silo_on_the_same_data_is_told_so()
    {
        await using var first = SiloProcess.Start(_folder.Path, "--http", "0");
        using var found = await SiloApi.FindAsync(first, Limit);
        await FailsWithAsync("grains.db", "--http", "0");
    }

    private async Task FailsWithAsync(string part, params string[] arguments)
    {
        var (code, output, errors) = await SiloProcess.RunAsync(_folder.Path, Limit, arguments);

        Assert.True(code != 0, $"It ended well: {output}");
        var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(part, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
    }
}
