namespace Grains.Courses;

/// <summary>The newest event time that this silo has seen, in seconds since 1970: the moment that "now" means in an answer.</summary>
public sealed class EventClock
{
    private long _newest;

    /// <summary>Seconds since 1970; 0 before the first event.</summary>
    public long Newest => Volatile.Read(ref _newest);

    /// <summary>An event of that time was read here, or handed over by another silo.</summary>
    public void Advance(long eventTime)
    {
        for (var newest = Newest; eventTime > newest;)
        {
            var found = Interlocked.CompareExchange(ref _newest, eventTime, newest);
            if (found == newest) return;

            newest = found;
        }
    }
}
