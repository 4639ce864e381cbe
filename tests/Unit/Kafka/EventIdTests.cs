using System.Reflection;
using Grains.Streams.Kafka;
using Xunit;

namespace Grains.Tests.Unit.Kafka;

public sealed class EventIdTests
{
    [Fact]
    public void Numbers_of_log_entries_are_of_this_projects_range_and_each_is_used_once()
    {
        var ids = typeof(EventIds).GetFields(BindingFlags.Static | BindingFlags.Public).Select(field => (int)field.GetRawConstantValue()!).ToList();
        Assert.NotEmpty(ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids, id => Assert.InRange(id, 1400, 1499));
    }
}
