using Grains.Abstractions.Questions;
using Xunit;

namespace Grains.Tests.Unit.Api;

public sealed class ExportTests
{
    private static readonly object[] Rows =
    [
        new ExportRow("112", 1795428900, "views", "", 7),
        new ExportRow("112", 1795428900, "client", "Chrome Mobile", 4),
        new ExportRow("112", 1795428900, "os", "Android", 4),
        new ExportRow("112", 1795428900, "region", "CN", 7),
        new ExportRow("112", 0, "views", "", long.MaxValue),
        new ExportRow("113", 1795428900, "source", "tab\there\nand café", 1),
    ];

    [Fact]
    public async Task Without_a_choice_views_clients_and_regions_are_exported()
    {
        await using var host = await ApiHost.StartAsync();
        host.Statistics.Rows = Rows;

        Assert.Equal(
            "112\t1795428900\tviews\t\t7\n112\t1795428900\tclient\tChrome Mobile\t4\n112\t1795428900\tregion\tCN\t7\n112\t0\tviews\t\t9223372036854775807\n",
            await host.Client.GetStringAsync("/v1/export?resolution=1m"));
    }

    [Fact]
    public async Task A_name_cannot_break_the_table()
    {
        await using var host = await ApiHost.StartAsync();
        host.Statistics.Rows = Rows;

        Assert.Equal("113\t1795428900\tsource\ttab here and café\t1\n", await host.Client.GetStringAsync("/v1/export?dims=source"));
    }

    [Fact]
    public async Task A_long_export_is_streamed_whole()
    {
        await using var host = await ApiHost.StartAsync();
        host.Statistics.Rows = [.. Enumerable.Range(0, 50_000).Select(i => (object)new ExportRow($"{i}", 60, "views", "", i))];

        var text = await host.Client.GetStringAsync("/v1/export");
        Assert.Equal(50_000, text.Count(c => c == '\n'));
        Assert.EndsWith("\n49999\t60\tviews\t\t49999\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_that_fails_on_the_way_is_not_taken_for_a_whole_one()
    {
        await using var host = await ApiHost.StartAsync();
        host.Statistics.Rows = [.. Enumerable.Range(0, 10_000).Select(i => (object)new ExportRow($"{i}", 60, "views", "", i)), new TimeoutException("silo 3")];

        await Assert.ThrowsAsync<HttpRequestException>(() => host.Client.GetStringAsync("/v1/export"));
    }

    [Fact]
    public async Task A_wrong_question_is_refused()
    {
        await using var host = await ApiHost.StartAsync();
        var (status, body, _) = await host.AskAsync("/v1/export?resolution=1h&dims=views,browser");

        Assert.Equal(400, status);
        Assert.Equal(["resolution", "dims"], body["errors"]!.AsObject().Select(error => error.Key));
    }
}
