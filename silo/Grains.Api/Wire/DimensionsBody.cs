using Grains.Abstractions.Questions;
using Grains.Api.Requests;

namespace Grains.Api.Wire;

/// <summary>Views of one window by what is known of the visitors; in each list the most first.</summary>
/// <param name="Window">The window.</param>
/// <param name="Client">By browser family.</param>
/// <param name="Os">By family of the operating system.</param>
/// <param name="Device">By class of the device.</param>
/// <param name="Region">By country: ISO 3166-1 alpha-2, ZZ where unknown, LAN for private addresses.</param>
/// <param name="Source">By search engine, or direct, internal, referral.</param>
/// <param name="Rest">The views of all values that are not named.</param>
internal sealed record DimensionsBody(
    NamedWindowBody Window, ValueBody[] Client, ValueBody[] Os, ValueBody[] Device, ValueBody[] Region, ValueBody[] Source, RestBody Rest)
{
    /// <summary>The same as JSON has it.</summary>
    public static DimensionsBody From(WindowViews of, IReadOnlyList<DimensionAnswer> dimensions)
    {
        var values = new ValueBody[(int)Dimension.Source + 1][];
        Array.Fill(values, []);
        Span<long> rest = stackalloc long[values.Length];
        for (var i = 0; i < dimensions.Count; i++)
        {
            var dimension = dimensions[i];
            values[(int)dimension.Dimension] = Values(dimension.Values);
            rest[(int)dimension.Dimension] = dimension.Rest;
        }

        return new DimensionsBody(
            NamedWindowBody.From(of), values[0], values[1], values[2], values[3], values[4], new RestBody(rest[0], rest[1], rest[2], rest[3], rest[4]));
    }

    private static ValueBody[] Values(IReadOnlyList<ValueViews> values)
    {
        var bodies = new ValueBody[values.Count];
        for (var i = 0; i < bodies.Length; i++)
        {
            var value = values[i];
            bodies[i] = new ValueBody(value.Value, value.Views);
        }

        return bodies;
    }
}

/// <summary>Views in one window, and what the window is called.</summary>
internal sealed record NamedWindowBody(string Name, DateTimeOffset Start, DateTimeOffset End, long Views)
{
    /// <summary>The same as JSON has it.</summary>
    public static NamedWindowBody From(WindowViews window) => new(WindowNames.Name(window.Span), window.Start, window.End, window.Views);
}

/// <summary>Views of one value.</summary>
internal readonly record struct ValueBody(string Value, long Views);

/// <summary>The views of all values that are not named, by dimension.</summary>
internal sealed record RestBody(long Client, long Os, long Device, long Region, long Source);
