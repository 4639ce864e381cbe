using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Grains.Tests.Web;

/// <summary>One Chromium for all tests of the page: the machine's own, nothing is downloaded. Without one the tests are skipped at home and fail where CI=true.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", @"C:\Program Files\Google\Chrome\Application\chrome.exe"];

    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        var path = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named : Places.FirstOrDefault(File.Exists);
        if (path is null) return;

        _playwright = await Playwright.CreateAsync();
        // A data folder of its own comes with every launch, and goes with it.
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Headless = true, Args = Arguments });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>An empty page of a reader in Shanghai.</summary>
    internal async Task<ReaderPage> OpenAsync(int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        if (_browser is null)
        {
            const string Reason = "No Chromium was found; install one or set CHROMIUM to its path.";
            if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(Reason);
            Assert.Skip(Reason);
        }

        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            TimezoneId = "Asia/Shanghai",
            Locale = "en-GB",
        });
        context.SetDefaultTimeout(15_000);
        return new ReaderPage(await context.NewPageAsync());
    }
}

/// <summary>A page, and what its console complained of.</summary>
internal sealed class ReaderPage : IAsyncDisposable
{
    private readonly List<string> _complaints = [];

    public ReaderPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") _complaints.Add($"{message.Type}: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => _complaints.Add($"exception: {error}");
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Host != "127.0.0.1") _complaints.Add($"request to another host: {request.Url}");
        };
    }

    public IPage Page { get; }

    /// <summary>What was complained of; the browser itself notes every refused request, which <paramref name="allowed"/> may expect.</summary>
    public string[] Complaints(string allowed = "^$") => [.. _complaints.Where(complaint => !Regex.IsMatch(complaint, allowed))];

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();
}
