using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace Grains.Api.Requests;

/// <summary>What may stand behind the question mark where one course is asked for; taken as text, so that everything wrong is told at once.</summary>
internal readonly record struct CourseParameters(
    [property: FromQuery(Name = "window"), Description("The window whose clients, systems, devices, regions and sources are listed: 1m, 10m, 1h, 1d or all. Default 1h.")] string? Window,
    [property: FromQuery(Name = "resolution"), Description("The width of one point of the series: 1s, 1m, 10m, 1h or 1d; all for no series. Default 1m.")] string? Resolution,
    [property: FromQuery(Name = "points"), Description("Points of the series, 0 to 1440 (0 to 120 of 1s). Default 60.")] string? Points,
    [property: FromQuery(Name = "top"), Description("Values named of each dimension, 1 to 1000. Default 10.")] string? Top,
    [property: FromQuery(Name = "tz"), Description("Where midnight is: an offset from UTC such as +08:00. Default Z.")] string? Tz);
