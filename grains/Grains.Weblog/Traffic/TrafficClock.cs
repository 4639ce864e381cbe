namespace Grains.Weblog.Traffic;

/// <summary>Line → event time and back, where the rate swings about its mean once a day.</summary>
/// <remarks>Lines up to time t (seconds from the start): N(t) = r·(t + s/ω·(sin(ω·t + φ) − sin φ)), whose slope is the rate r·(1 + s·cos(ω·t + φ)); never 0, as s is at most 0.9.</remarks>
internal sealed class TrafficClock
{
    private const double Omega = 2 * Math.PI / 86_400;
    private const double BusiestSecond = 7 * 3600;

    private readonly long _startSecond;
    private readonly double _rate;
    private readonly double _swing;
    private readonly double _phase;

    public TrafficClock(TrafficOptions options)
    {
        _startSecond = options.Start.ToUnixTimeSeconds();
        _rate = options.LinesPerSecond;
        _swing = options.DaySwing;
        _phase = Omega * ((_startSecond % 86_400) - BusiestSecond);
    }

    /// <summary>Seconds since 1970 of a line.</summary>
    public long SecondOf(long line)
    {
        var mean = line / _rate;
        if (_swing == 0) return _startSecond + (long)Math.Floor(mean);

        // N rises steadily, and its inverse is within s/ω·2 of the mean: halve that interval until it is below a microsecond.
        var reach = 2 * _swing / Omega;
        var (low, high) = (mean - reach, mean + reach);
        while (high - low > 1e-6)
        {
            var middle = (low + high) / 2;
            if (Lines(middle) <= line) low = middle;
            else high = middle;
        }

        // What is exact stays exact: line 0 is at the start itself.
        return _startSecond + (long)Math.Floor(high);
    }

    /// <summary>How many lines there are before a time: the number of the first line at or after it.</summary>
    public long LinesBefore(DateTimeOffset time)
    {
        var elapsed = (time.ToUnixTimeMilliseconds() / 1000.0) - _startSecond;
        return elapsed <= 0 ? 0 : (long)Math.Ceiling(Lines(elapsed));
    }

    private double Lines(double elapsed) => _rate * (elapsed + (_swing / Omega * (Math.Sin((Omega * elapsed) + _phase) - Math.Sin(_phase))));
}
