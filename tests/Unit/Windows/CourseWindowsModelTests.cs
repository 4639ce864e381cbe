using CsCheck;
using Grains.Windows;
using Xunit;

namespace Grains.Tests.Unit.Windows;

public sealed class CourseWindowsModelTests
{
    [Theory]
    [InlineData(120, 7200, 0)]
    [InlineData(120, 0, 0)]
    [InlineData(300, 1800, 0)]
    [InlineData(3600, 86_400, 0)]
    [InlineData(120, 7200, 100)]
    public void Whatever_happens_every_answer_is_that_of_a_list_of_all_views(int latenessSeconds, int cachedSeconds, int closedBytesInRow)
    {
        var settings = new WindowSettings
        {
            AllowedLateness = TimeSpan.FromSeconds(latenessSeconds),
            Cached = TimeSpan.FromSeconds(cachedSeconds),
            ClosedBytesInRow = closedBytesInRow,
        };
        var step = Gen.Select(Gen.Int[0, 99], Gen.Int[0, int.MaxValue - 1]);
        var reads = 0;

        // CsCheck prints the seed of a failure, and the steps that are left when it has shrunk them.
        step.Array[1, 80].Sample(
            steps =>
            {
                var course = new CourseUnderTest(settings);
                foreach (var (kind, seed) in steps) course.Step(kind, new Random(seed));
                course.Compare(new Random(1));
                Interlocked.Add(ref reads, course.Reads);
            },
            iter: 250);

        Assert.True(reads > 100, $"Only {reads} blocks were read from history: late events were not tried.");
    }
}
