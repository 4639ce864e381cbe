using Grains.Abstractions;
using Grains.Abstractions.Questions;

namespace Grains.Windows;

/// <summary>Views by each dimension, summed over whatever is added.</summary>
public sealed class TallyFold(CourseVocabulary vocabulary)
{
    private readonly long[][] _views = [[], [], [], [], []];

    /// <summary>The values of one dimension with the most views, at most <paramref name="top"/> of them, most first, then by name.</summary>
    public DimensionAnswer Of(Dimension dimension, int top)
    {
        var names = NamesOf(dimension);
        var views = _views[(int)dimension];
        var values = new List<ValueViews>();
        for (var id = 0; id < views.Length; id++)
        {
            if (views[id] != 0) values.Add(new ValueViews(names[id], views[id]));
        }

        values.Sort(static (a, b) => a.Views != b.Views ? b.Views.CompareTo(a.Views) : string.CompareOrdinal(a.Value, b.Value));
        var rest = 0L;
        for (var i = top; i < values.Count; i++) rest += values[i].Views;
        if (values.Count > top) values.RemoveRange(top, values.Count - top);
        return new DimensionAnswer(dimension, values, rest);
    }

    internal void Add(TallyKind kind, uint id, long views)
    {
        switch (kind)
        {
            case TallyKind.Region:
                Add(Dimension.Region, id, views);
                break;
            case TallyKind.Source:
                Add(Dimension.Source, id, views);
                break;
            case TallyKind.Agent:
                var agent = vocabulary.Agents[(int)id];
                Add(Dimension.Client, agent.Browser, views);
                Add(Dimension.Os, agent.Os, views);
                Add(Dimension.Device, agent.Device, views);
                break;
        }
    }

    private void Add(Dimension dimension, uint id, long views)
    {
        ref var counts = ref _views[(int)dimension];
        if (id >= counts.Length) Array.Resize(ref counts, Math.Max((int)id + 1, NamesOf(dimension).Count));
        counts[id] += views;
    }

    private Vocabulary NamesOf(Dimension dimension) => dimension switch
    {
        Dimension.Client => vocabulary.Browsers,
        Dimension.Os => vocabulary.OperatingSystems,
        Dimension.Device => vocabulary.Devices,
        Dimension.Region => vocabulary.Regions,
        _ => vocabulary.Sources,
    };
}
