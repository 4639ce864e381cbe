using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace Grains.Api.Requests;

/// <summary>What may stand behind the question mark where all courses are asked for; taken as text, so that everything wrong is told at once.</summary>
internal readonly record struct TopParameters(
    [property: FromQuery(Name = "top"), Description("How many courses, 1 to 1000. Default 20.")] string? Top,
    [property: FromQuery(Name = "window"), Description("The window: 1m, 10m, 1h or all. Default 1h.")] string? Window);
