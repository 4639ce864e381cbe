using System.Text.Encodings.Web;
using System.Text.Json;
using Grains.Abstractions;
using Grains.Abstractions.Questions;
using Grains.Api.Requests;
using Grains.Api.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Grains.Api;

/// <summary>What is answered when there is no answer: problem details of RFC 9457.</summary>
internal static class Problems
{
    /// <summary>What errors are sent as.</summary>
    public const string MediaType = "application/problem+json";

    // Errors are read by people in terminals: an apostrophe is an apostrophe there. No browser takes this type for a page.
    private static readonly ApiJson Json = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>400 with every fault of the request.</summary>
    public static IResult Invalid(in RequestReader reader)
        => TypedResults.Json(
            new HttpValidationProblemDetails(reader.Faults!) { Status = StatusCodes.Status400BadRequest, Title = "The request has faults.", Type = "about:blank" },
            Json.HttpValidationProblemDetails, MediaType, StatusCodes.Status400BadRequest);

    /// <summary>404: no view of the course was ever counted.</summary>
    public static IResult UnknownCourse(CourseId course)
        => Problem(StatusCodes.Status404NotFound, "Unknown course.", $"No view of course '{course}' has been counted.");

    /// <summary>404: there is nothing at this address.</summary>
    public static IResult NoSuchAddress() => Problem(StatusCodes.Status404NotFound, "No such address.", "GET /openapi/v1.json tells what there is.");

    /// <summary>405: the API only answers questions.</summary>
    public static IResult OnlyGet() => Problem(StatusCodes.Status405MethodNotAllowed, "Only GET is answered here.", null);

    /// <summary>503: too many listen.</summary>
    public static IResult TooManyListeners()
        => Problem(StatusCodes.Status503ServiceUnavailable, "Too many listeners.", "All places for live answers are taken. Ask again later, or poll without /live.");

    /// <summary>503: whoever knows the numbers did not answer in time.</summary>
    public static IResult NoAnswerInTime() => Problem(StatusCodes.Status503ServiceUnavailable, "No answer in time.", "The question can be repeated.");

    /// <summary>503: the numbers are there, and out of reach.</summary>
    public static IResult NotNow(StatisticsUnavailableException unavailable) => Problem(StatusCodes.Status503ServiceUnavailable, "Not now.", unavailable.Message);

    /// <summary>500: a fault of ours.</summary>
    public static IResult Failed() => Problem(StatusCodes.Status500InternalServerError, "The question failed.", "The server's log tells why.");

    private static IResult Problem(int status, string title, string? detail)
        => TypedResults.Json(
            new ProblemDetails { Status = status, Title = title, Detail = detail, Type = "about:blank" }, Json.ProblemDetails, MediaType, status);
}
