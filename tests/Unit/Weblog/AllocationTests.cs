using Grains.Weblog.Traffic;
using Xunit;

namespace Grains.Tests.Unit.Weblog;

public sealed class AllocationTests
{
    [Fact]
    public void Hundred_thousand_lines_like_those_before_allocate_nothing()
    {
        using var parsers = new TestParsers();
        var parser = parsers.Create();
        var traffic = new TrafficGenerator(new() { Visitors = 5_000 });
        var buffer = new byte[TrafficGenerator.MaxLineBytes];
        for (var i = 0; i < 100_000; i++) parser.Parse(buffer.AsSpan(0, traffic.Write(i, buffer)), out _, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100_000; i++) parser.Parse(buffer.AsSpan(0, traffic.Write(i, buffer)), out _, out _);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
