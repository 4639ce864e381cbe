using System.Globalization;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Grains.Tests.Web;

/// <summary>The page in a real browser, on statistics that move by themselves.</summary>
public sealed partial class PageTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private readonly MovingStatistics _statistics = new(TimeProvider.System);
    private WebApplication _host = null!;

    private string Address => _host.Urls.First();

    public async ValueTask InitializeAsync() => _host = await WebHost.StartAsync(_statistics);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task The_overview_moves_by_itself()
    {
        await using var reader = await browser.OpenAsync();
        var page = reader.Page;
        await page.GotoAsync(Address);
        await Expect(page.Locator(".line")).ToHaveTextAsync("Live");
        await Expect(page.Locator(".top li")).ToHaveCountAsync(20);

        var before = await NumberAsync(page.Locator(".huge"));
        await page.WaitForFunctionAsync("before => Number(document.querySelector('.huge').textContent.replaceAll(',', '')) > before", before);

        await Expect(page.Locator(".status")).ToContainTextAsync("Refused");
        Assert.Empty(reader.Complaints());
    }

    [Fact]
    public async Task A_course_opens_from_the_list_and_the_way_back_works()
    {
        await using var reader = await browser.OpenAsync();
        var page = reader.Page;
        await page.GotoAsync($"{Address}/?window=all");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "3", Exact = true }).ClickAsync();

        await Expect(page).ToHaveURLAsync($"{Address}/courses/3");
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToHaveTextAsync("Course 3");
        await Expect(page.Locator(".tiles dd").First).ToHaveTextAsync(Digits());
        await Expect(page.GetByText("China")).ToBeVisibleAsync();
        await Expect(page.Locator(".chart")).ToHaveAttributeAsync("aria-label", new Regex("^Views a minute, the last 119: newest "));

        await page.GoBackAsync();
        await Expect(page).ToHaveURLAsync($"{Address}/?window=all");
        await Expect(page.Locator(".top li")).ToHaveCountAsync(20);
        await Expect(page.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "All time" })).ToBeCheckedAsync();
        Assert.Empty(reader.Complaints());
    }

    [Fact]
    public async Task A_kept_address_shows_what_was_chosen_and_so_does_an_old_one_with_a_hash()
    {
        await using var reader = await browser.OpenAsync();
        var page = reader.Page;
        await page.GotoAsync($"{Address}/courses/7?chart=1s&window=1d");
        await Expect(page.Locator(".chart")).ToHaveAttributeAsync("aria-label", new Regex("^Views a second"));
        await page.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "Hours" }).CheckAsync(new LocatorCheckOptions { Force = true });
        await Expect(page.Locator(".chart")).ToHaveAttributeAsync("aria-label", new Regex("^Views a hour|^Views an hour"));
        await Expect(page).ToHaveURLAsync(new Regex("chart=1h"));

        await page.GotoAsync($"{Address}/#/courses/8");
        await Expect(page).ToHaveURLAsync($"{Address}/courses/8");
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToHaveTextAsync("Course 8");
        Assert.Empty(reader.Complaints());
    }

    [Fact]
    public async Task The_search_box_opens_a_course_and_refuses_what_cannot_be_one()
    {
        await using var reader = await browser.OpenAsync();
        var page = reader.Page;
        await page.GotoAsync(Address);
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("a b");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No course can be called that");

        await page.GetByRole(AriaRole.Searchbox).FillAsync("12");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync($"{Address}/courses/12");
        await Expect(page.Locator(".tiles dd").First).ToHaveTextAsync(Digits());
        Assert.Empty(reader.Complaints());
    }

    [Fact]
    public async Task A_course_that_nobody_viewed_says_so()
    {
        await using var reader = await browser.OpenAsync();
        await reader.Page.GotoAsync($"{Address}/courses/edX%2BDemo");

        await Expect(reader.Page.GetByText("Nobody has viewed course edX+Demo yet")).ToBeVisibleAsync();
        Assert.Empty(reader.Complaints("status of 404"));
    }

    [Fact]
    public async Task When_the_server_is_gone_the_page_says_so_keeps_the_numbers_and_comes_back()
    {
        await using var reader = await browser.OpenAsync();
        var page = reader.Page;
        await page.GotoAsync(Address);
        await Expect(page.Locator(".line")).ToHaveTextAsync("Live");

        var address = Address;
        await _host.DisposeAsync();
        await Expect(page.Locator(".line")).ToHaveTextAsync("Reconnecting");
        await Expect(page.Locator(".top li")).ToHaveCountAsync(20);

        _host = await WebHost.StartAsync(_statistics, address);
        await Expect(page.Locator(".line")).ToHaveTextAsync("Live");
        Assert.Empty(reader.Complaints("ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE"));
    }

    [Theory]
    [InlineData("/", 1440, ColorScheme.Light)]
    [InlineData("/", 390, ColorScheme.Dark)]
    [InlineData("/courses/5", 1440, ColorScheme.Dark)]
    [InlineData("/courses/5", 390, ColorScheme.Light)]
    public async Task It_is_accessible_and_fits(string path, int width, ColorScheme scheme)
    {
        await using var reader = await browser.OpenAsync(width, scheme: scheme);
        var page = reader.Page;
        await page.GotoAsync(Address + path);
        await Expect(page.Locator(".line")).ToHaveTextAsync("Live");

        var found = await page.RunAxe();
        Assert.Empty(found.Violations.Select(violation => $"{violation.Id}: {violation.Help} at {string.Join(", ", violation.Nodes.Select(node => node.Html))}"));
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(reader.Complaints());
    }

    private static async Task<long> NumberAsync(ILocator locator)
    {
        await Expect(locator).ToHaveTextAsync(Digits());
        return long.Parse(await locator.InnerTextAsync(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("^[0-9,]+$")]
    private static partial Regex Digits();
}
