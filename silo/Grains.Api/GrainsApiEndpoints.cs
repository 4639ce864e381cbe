using Grains.Abstractions.Questions;
using Grains.Api.Page;
using Grains.Api.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grains.Api;

/// <summary>The HTTP API of the course statistics, its description, its health, and the page.</summary>
public static class GrainsApiEndpoints
{
    /// <summary>
    /// Maps <c>/v1/…</c>, <c>/openapi/v1.json</c>, <c>/healthz</c>, <c>/readyz</c>, and the page at <c>/</c>.
    /// Needs <see cref="GrainsApiServices.AddGrainsApi"/> and an <see cref="ICourseStatistics"/>.
    /// </summary>
    public static IEndpointRouteBuilder MapGrainsApi(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var api = endpoints.MapGroup("/v1").WithTags("Courses").AddEndpointFilter<QuestionFilter>();
        api.MapGet("/courses/{id}", Answers.CourseAsync).WithName("course")
            .Produces<CourseBody>().Produces(404, null, Problems.MediaType).ProducesValidationProblem();
        api.MapGet("/courses/{id}/live", Answers.LiveCourseAsync).WithName("courseLive")
            .Produces<CourseBody>(200, "text/event-stream").Produces(404, null, Problems.MediaType).Produces(503, null, Problems.MediaType).ProducesValidationProblem();
        api.MapGet("/courses", Answers.TopAsync).WithName("top")
            .Produces<TopBody>().ProducesValidationProblem();
        api.MapGet("/live", Answers.LiveOverviewAsync).WithName("overviewLive")
            .Produces<OverviewBody>(200, "text/event-stream").Produces(503, null, Problems.MediaType).ProducesValidationProblem();
        api.MapGet("/status", Answers.StatusAsync).WithName("status")
            .Produces<StatusBody>();
        api.MapGet("/export", Answers.Export).WithName("export")
            .Produces(200, null, "text/tab-separated-values").ProducesValidationProblem();
        // Whatever is not named above: without this, a wrong address under /v1 would have an empty answer.
        api.Map("/{**rest}", (HttpRequest request) => HttpMethods.IsGet(request.Method) ? Problems.NoSuchAddress() : Problems.OnlyGet()).ExcludeFromDescription();

        endpoints.MapOpenApi("/openapi/{documentName}.json");
        endpoints.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = static _ => false });
        endpoints.MapHealthChecks("/readyz", new HealthCheckOptions { Predicate = static check => check.Tags.Contains(ReadinessCheck.Tag) });
        endpoints.MapPage();
        return endpoints;
    }
}
