using Grains.Abstractions.Questions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grains.Api;

/// <summary>Turns what goes wrong behind a question into an answer that tells the asker no secrets, and the log everything.</summary>
internal sealed partial class QuestionFilter(ILogger<QuestionFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            return await next(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return Results.Empty;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            LogTimeout(http.Request.Path, exception.Message);
            return Problems.NoAnswerInTime();
        }
        catch (StatisticsUnavailableException unavailable)
        {
            LogUnavailable(http.Request.Path, unavailable.Message);
            return Problems.NotNow(unavailable);
        }
        catch (Exception exception)
        {
            LogFailure(http.Request.Path, exception);
            return Problems.Failed();
        }
    }

    [LoggerMessage(EventIds.QuestionTimedOut, LogLevel.Warning, "No answer to {Path} in time: {Reason}")]
    private partial void LogTimeout(PathString path, string reason);

    [LoggerMessage(EventIds.QuestionUnavailable, LogLevel.Warning, "No answer to {Path} just now: {Reason}")]
    private partial void LogUnavailable(PathString path, string reason);

    [LoggerMessage(EventIds.QuestionFailed, LogLevel.Error, "The question {Path} failed")]
    private partial void LogFailure(PathString path, Exception exception);
}
