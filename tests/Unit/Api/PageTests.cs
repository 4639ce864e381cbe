using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace Grains.Tests.Unit.Api;

public sealed class PageTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/courses/edX%2BDemo")]
    public async Task Every_address_of_the_page_has_its_document(string address)
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.Client.GetAsync(address);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
        Assert.Contains("<title>Grains</title>", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_file_that_the_document_names_is_there_and_kept_for_ever()
    {
        await using var host = await ApiHost.StartAsync();
        var document = await host.Client.GetStringAsync("/");
        var files = Regex.Matches(document, "(?:src|href)=\"(/assets/[^\"]+)\"").Select(match => match.Groups[1].Value).ToArray();

        Assert.Equal([".css", ".js"], files.Select(Path.GetExtension).Order());
        foreach (var file in files)
        {
            using var response = await host.Client.GetAsync(file);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("public, max-age=31536000, immutable", response.Headers.CacheControl?.ToString());
        }
    }

    [Theory]
    [InlineData("gzip, br", "br")]
    [InlineData("br;q=0.5", "br")]
    [InlineData("br;q=0, gzip", null)]
    [InlineData("gzip", null)]
    public async Task Files_travel_compressed_to_whom_that_suits(string accepted, string? encoding)
    {
        await using var host = await ApiHost.StartAsync();
        var whole = await host.Client.GetByteArrayAsync("/");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using var response = await host.Client.SendAsync(request);

        Assert.Equal(encoding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        var bytes = await response.Content.ReadAsByteArrayAsync();
        if (encoding is not null) bytes = Unpacked(bytes);
        Assert.Equal(whole, bytes);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1/status")]
    [InlineData("/v1/nothing")]
    [InlineData("/nothing")]
    public async Task Every_answer_forbids_what_a_page_of_ours_never_needs(string address)
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.Client.GetAsync(address);

        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
    }

    [Fact]
    public async Task The_document_has_nothing_inline_and_names_no_other_host()
    {
        await using var host = await ApiHost.StartAsync();
        var document = await host.Client.GetStringAsync("/");

        Assert.DoesNotMatch("<script(?![^>]*src=)|<style| style=| on[a-z]+=|https?://", document);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_not_the_document()
    {
        await using var host = await ApiHost.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync("/assets/index-00000000.js")).StatusCode);
    }

    [Fact]
    public async Task The_description_names_every_address_and_parameter()
    {
        await using var host = await ApiHost.StartAsync();
        var (_, document, _) = await host.AskAsync("/openapi/v1.json");

        Assert.Equal(
            ["/v1/courses", "/v1/courses/{id}", "/v1/courses/{id}/live", "/v1/export", "/v1/live", "/v1/status"],
            document["paths"]!.AsObject().Select(path => path.Key).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["id", "window", "resolution", "points", "top", "tz"],
            document["paths"]!["/v1/courses/{id}"]!["get"]!["parameters"]!.AsArray().Select(parameter => (string?)parameter!["name"]));
        Assert.Equal("The numbers of one course.", (string?)document["paths"]!["/v1/courses/{id}"]!["get"]!["summary"]);
    }

    private static byte[] Unpacked(byte[] bytes)
    {
        using var unpacked = new MemoryStream();
        using (var brotli = new System.IO.Compression.BrotliStream(new MemoryStream(bytes), System.IO.Compression.CompressionMode.Decompress)) brotli.CopyTo(unpacked);

        return unpacked.ToArray();
    }
}
