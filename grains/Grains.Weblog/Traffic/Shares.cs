namespace Grains.Weblog.Traffic;

/// <summary>Picks one of many by weight.</summary>
internal sealed class Shares
{
    private readonly double[] _cumulative;

    public Shares(IEnumerable<double> weights)
    {
        _cumulative = [.. weights];
        for (var i = 1; i < _cumulative.Length; i++) _cumulative[i] += _cumulative[i - 1];
    }

    /// <summary>Zipf's law: the weight of rank r is 1 / r^<paramref name="exponent"/>.</summary>
    public static Shares Zipf(int count, double exponent) => new(Enumerable.Range(1, count).Select(rank => Math.Pow(rank, -exponent)));

    /// <summary>The index that a number from 0 to 1 falls on.</summary>
    public int Pick(double fraction)
    {
        var at = _cumulative.AsSpan().BinarySearch(fraction * _cumulative[^1]);
        return Math.Min(at < 0 ? ~at : at, _cumulative.Length - 1);
    }
}
