using Grains.Abstractions.Questions;
using Grains.Windows;

namespace Grains.Tests.Unit.Windows;

/// <summary>The same answers from a plain list of all views.</summary>
internal sealed class WindowModel(WindowSettings settings)
{
    private readonly List<NamedView> _views = [];

    public int Count => _views.Count;

    public uint Newest => _views.Count == 0 ? 0 : _views.Max(view => view.Time);

    public void Add(IEnumerable<NamedView> views) => _views.AddRange(views);

    /// <summary>Forgets all but the first views, as a death does.</summary>
    public void Truncate(int count) => _views.RemoveRange(count, _views.Count - count);

    public long Late()
    {
        var late = 0L;
        var newest = 0L;
        foreach (var view in _views)
        {
            newest = Math.Max(newest, view.Time);
            var end = ((view.Time / 600) + 1) * 600L;
            if (end + (long)settings.AllowedLateness.TotalSeconds <= newest) late++;
        }

        return late;
    }

    public long Views(TimeWindow window) => _views.Count(view => view.Time >= window.Start && view.Time < window.End);

    public IReadOnlyList<ValueViews> Values(Dimension dimension, TimeWindow window) =>
    [
        .. _views.Where(view => view.Time >= window.Start && view.Time < window.End)
            .GroupBy(view => Of(view, dimension), StringComparer.Ordinal)
            .Select(group => new ValueViews(group.Key, group.Count()))
            .OrderByDescending(value => value.Views).ThenBy(value => value.Value, StringComparer.Ordinal),
    ];

    public IEnumerable<WindowCount> Export()
    {
        foreach (var minute in _views.GroupBy(view => view.Time / 60 * 60L))
        {
            yield return new WindowCount(minute.Key, "views", "", minute.Count());
            foreach (var dimension in Enum.GetValues<Dimension>())
            {
                foreach (var group in minute.GroupBy(view => Of(view, dimension), StringComparer.Ordinal))
                {
                    yield return new WindowCount(minute.Key, dimension.ToString().ToLowerInvariant(), group.Key, group.Count());
                }
            }
        }

        yield return new WindowCount(0, "views", "", _views.Count);
    }

    private static string Of(NamedView view, Dimension dimension) => dimension switch
    {
        Dimension.Client => view.Browser,
        Dimension.Os => view.Os,
        Dimension.Device => view.Device,
        Dimension.Region => view.Region,
        _ => view.Source,
    };
}
