using Grains.Fuzz;
using Xunit;

namespace Grains.Tests.Unit.HBase;

/// <summary>The corpus of the fuzzing, as it is and changed: the same bytes at every run. <c>GRAINS_FUZZ</c> names another number of changes a reader.</summary>
public sealed class FuzzReplayTests
{
    private const int Seed = 1;
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("GRAINS_FUZZ"), out var rounds) ? rounds : 20_000;

    public static TheoryData<string> Readers => [.. HBaseReaders.All.Keys];

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_reader_returns_or_refuses_whatever_it_is_given(string reader)
    {
        var (read, corpus, random) = (HBaseReaders.All[reader], Corpus.Of(reader), new Random(Seed));
        Assert.NotEmpty(corpus);
        foreach (var golden in corpus) read(golden);
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Mutation.Next(corpus, random);
            try
            {
                read(bytes);
            }
            catch (Exception e)
            {
                Assert.Fail($"{reader}, round {round}: {Convert.ToHexString(bytes)}: {e}");
            }
        }
    }
}
