namespace Grains.Courses;

/// <summary>How fast a count grows, over the last few seconds.</summary>
internal sealed class Rate(TimeProvider time)
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);

    private readonly Queue<(long At, long Count)> _samples = new();
    private readonly Lock _gate = new();

    /// <summary>Takes the count of now, and tells how much it grew a second.</summary>
    public double Of(long count)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            while (_samples.Count > 1 && time.GetElapsedTime(_samples.Peek().At, now) > Span) _samples.Dequeue();
            _samples.Enqueue((now, count));
            var (at, first) = _samples.Peek();
            var elapsed = time.GetElapsedTime(at, now).TotalSeconds;
            return elapsed > 0 ? (count - first) / elapsed : 0;
        }
    }
}
