namespace Grains.Streams.Pumps;

/// <summary>Waits longer from failure to failure, up to twenty times the first delay.</summary>
internal sealed class Backoff(TimeSpan first, TimeProvider time)
{
    private const int Limit = 20;

    private int _factor = 1;

    public void Reset() => _factor = 1;

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        var delay = first * _factor;
        _factor = Math.Min(Limit, 2 * _factor);
        return Task.Delay(delay, time, cancellationToken);
    }
}
