using System.Text;
using Grains.Cli.Sorting;
using Xunit;

namespace Grains.Tests.Unit.Cli;

public sealed class LineSorterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grains-test").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1 << 20, 0)]
    [InlineData(4096, 5)]
    [InlineData(256, 80)]
    public void Random_lines_come_out_as_an_ordinary_sort_has_them(int memoryBytes, int leastRuns)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        byte[][] lines = [.. Enumerable.Range(0, 4000).Select(_ => Line(random))];
        using var sorter = new LineSorter(memoryBytes, _folder);
        foreach (var line in lines) sorter.Add(line);
        using var output = new MemoryStream();
        sorter.WriteTo(output);

        var expected = lines.OrderBy(line => line, Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other))).SelectMany(line => line.Append((byte)'\n'));
        Assert.Equal(expected.ToArray(), output.ToArray());
        Assert.Equal(4000, sorter.Count);
        Assert.True(sorter.Runs >= leastRuns, $"{sorter.Runs} runs, seed {seed}");
    }

    [Fact]
    public void A_line_longer_than_the_memory_and_an_empty_one_are_sorted_too()
    {
        using var sorter = new LineSorter(16, _folder);
        foreach (var line in new[] { "b", new string('c', 100_000), "", "a", "" }) sorter.Add(Encoding.UTF8.GetBytes(line));
        using var output = new MemoryStream();
        sorter.WriteTo(output);

        Assert.Equal($"\n\na\nb\n{new string('c', 100_000)}\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void No_file_stays_behind()
    {
        using (var sorter = new LineSorter(16, _folder))
        {
            for (var i = 0; i < 100; i++) sorter.Add(Encoding.UTF8.GetBytes($"line {i}"));
            Assert.NotEqual(0, sorter.Runs);
        }

        Assert.Empty(Directory.GetFiles(_folder));
    }

    /// <summary>Few different bytes, so that many lines begin alike; the highest and the lowest among them, and no line feed.</summary>
    private static byte[] Line(Random random)
    {
        byte[] alphabet = [0, 9, (byte)'1', (byte)'2', 0x7f, 0x80, 0xff];
        return [.. Enumerable.Range(0, random.Next(14)).Select(_ => alphabet[random.Next(alphabet.Length)])];
    }
}
