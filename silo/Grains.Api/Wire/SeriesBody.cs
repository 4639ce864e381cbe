using Grains.Abstractions.Questions;
using Grains.Api.Requests;

namespace Grains.Api.Wire;

/// <summary>Views over time.</summary>
/// <param name="Resolution">The width of a point.</param>
/// <param name="Start">The beginning of the first point, of event time.</param>
/// <param name="StepSeconds">The width of a point in seconds.</param>
/// <param name="Views">One number a point, oldest first.</param>
internal sealed record SeriesBody(string Resolution, DateTimeOffset Start, int StepSeconds, IReadOnlyList<long> Views)
{
    /// <summary>The same as JSON has it.</summary>
    public static SeriesBody? From(ViewSeries? series)
        => series is null ? null : new SeriesBody(WindowNames.Name(series.Resolution), series.Start, series.StepSeconds, series.Views);
}
