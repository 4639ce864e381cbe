using System.ComponentModel;
using Grains.Abstractions.Questions;
using Grains.Api.Live;
using Grains.Api.Requests;
using Grains.Api.Wire;
using Microsoft.AspNetCore.Http;

namespace Grains.Api;

/// <summary>Answers requests: reads the question, asks, writes the answer down. The summaries below are what the OpenAPI document says.</summary>
/// <remarks>Courses are polled many times a second: nothing is looked up by reflection on the way.</remarks>
internal static class Answers
{
    /// <summary>The numbers of one course.</summary>
    public static async Task<IResult> CourseAsync(
        [Description("The course.")] string id, [AsParameters] CourseParameters parameters, ICourseStatistics statistics, CancellationToken cancellationToken)
    {
        var reader = new RequestReader();
        var (course, question) = Questions.OfCourse(ref reader, id, parameters);
        if (reader.Faults is not null) return Problems.Invalid(reader);

        var answer = await statistics.AskAsync(course, question, cancellationToken).ConfigureAwait(false);
        return answer is null ? Problems.UnknownCourse(course) : TypedResults.Json(CourseBody.From(answer), ApiJson.Default.CourseBody);
    }

    /// <summary>The numbers of one course, again whenever they have changed: server-sent events named course, and alive where there is no news.</summary>
    public static async Task<IResult> LiveCourseAsync(
        [Description("The course.")] string id, [AsParameters] CourseParameters parameters, ICourseStatistics statistics, LiveAnswers live, CancellationToken cancellationToken)
    {
        var reader = new RequestReader();
        var (course, question) = Questions.OfCourse(ref reader, id, parameters);
        if (reader.Faults is not null) return Problems.Invalid(reader);
        if (live.IsFull) return Problems.TooManyListeners();

        var answer = await statistics.AskAsync(course, question, cancellationToken).ConfigureAwait(false);
        return answer is null
            ? Problems.UnknownCourse(course)
            : TypedResults.ServerSentEvents(live.Course(course, question, CourseBody.From(answer), cancellationToken));
    }

    /// <summary>The courses with the most views in a window.</summary>
    public static async Task<IResult> TopAsync([AsParameters] TopParameters parameters, ICourseStatistics statistics, CancellationToken cancellationToken)
    {
        var reader = new RequestReader();
        var question = Questions.OfTop(ref reader, parameters);
        if (reader.Faults is not null) return Problems.Invalid(reader);

        return TypedResults.Json(TopBody.From(await statistics.TopAsync(question, cancellationToken).ConfigureAwait(false)), ApiJson.Default.TopBody);
    }

    /// <summary>The top courses and the status, again whenever they have changed: server-sent events named overview, and alive where there is no news.</summary>
    public static async Task<IResult> LiveOverviewAsync(
        [AsParameters] TopParameters parameters, ICourseStatistics statistics, LiveAnswers live, CancellationToken cancellationToken)
    {
        var reader = new RequestReader();
        var question = Questions.OfTop(ref reader, parameters);
        if (reader.Faults is not null) return Problems.Invalid(reader);
        if (live.IsFull) return Problems.TooManyListeners();

        var first = await LiveAnswers.OverviewAsync(statistics, question, cancellationToken).ConfigureAwait(false);
        return TypedResults.ServerSentEvents(live.Overview(question, first, cancellationToken));
    }

    /// <summary>How the reading of the log goes: read, kept, skipped, refused by reason, lag, and how far everything is durable.</summary>
    public static async Task<IResult> StatusAsync(ICourseStatistics statistics, CancellationToken cancellationToken)
        => TypedResults.Json(StatusBody.From(await statistics.StatusAsync(cancellationToken).ConfigureAwait(false)), ApiJson.Default.StatusBody);

    /// <summary>Every number there is, as tab-separated lines in no order: course, window start, dimension, value, count.</summary>
    public static IResult Export(
        [Description("The width of a window: 1m.")] string? resolution,
        [Description("Comma-separated: views, client, os, device, region, source. Default views,client,region.")] string? dims,
        ICourseStatistics statistics)
    {
        var reader = new RequestReader();
        var wanted = Questions.OfExport(ref reader, resolution, dims);
        return reader.Faults is null ? new ExportResult(statistics, wanted) : Problems.Invalid(reader);
    }
}
