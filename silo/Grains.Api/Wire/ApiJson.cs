using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Grains.Api.Wire;

/// <summary>How the bodies are written: made when this is compiled, so that a request looks nothing up by reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CourseBody))]
[JsonSerializable(typeof(TopBody))]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(OverviewBody))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(HttpValidationProblemDetails))]
internal sealed partial class ApiJson : JsonSerializerContext;
