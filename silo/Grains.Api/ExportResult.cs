using Grains.Abstractions.Questions;
using Microsoft.AspNetCore.Http;

namespace Grains.Api;

/// <summary>Streams an export. What fails on the way breaks the connection off, so that nobody takes a part for the whole.</summary>
internal sealed class ExportResult(ICourseStatistics statistics, HashSet<string> dimensions) : IResult
{
    /// <summary>How much is gathered before the connection takes it.</summary>
    private const int FlushBytes = 64 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancellationToken = httpContext.RequestAborted;
        var text = httpContext.Response.BodyWriter;
        httpContext.Response.ContentType = "text/tab-separated-values; charset=utf-8";
        httpContext.Response.Headers.CacheControl = "no-store";
        try
        {
            await foreach (var row in statistics.ExportAsync(cancellationToken).ConfigureAwait(false))
            {
                if (!dimensions.Contains(row.Dimension)) continue;

                ExportText.Write(text, row);
                if (text.UnflushedBytes < FlushBytes) continue;

                await text.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (StatisticsUnavailableException unavailable) when (!httpContext.Response.HasStarted && text.UnflushedBytes == 0)
        {
            // Nothing of it is on its way: there is still room for a proper answer.
            await Problems.NotNow(unavailable).ExecuteAsync(httpContext).ConfigureAwait(false);
        }
    }
}
