using System.Runtime.CompilerServices;

namespace Grains.Api.Live;

/// <summary>The feeds that have listeners, by what they ask: a thousand screens with the same course cost one question.</summary>
internal sealed class FeedSet<TKey, T>(Func<TKey, CancellationToken, ValueTask<T?>> ask, Func<T, T, bool> isSame, TimeSpan interval, TimeProvider clock)
    where TKey : notnull
    where T : class
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, (Feed<T> Feed, int Listeners)> _feeds = [];

    /// <summary>How many different questions are being asked.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _feeds.Count;
        }
    }

    /// <summary>Listens to the answers to one question; see <see cref="Feed{T}.ListenAsync"/>.</summary>
    public async IAsyncEnumerable<T?> ListenAsync(TKey key, T first, TimeSpan patience, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var feed = Take(key);
        try
        {
            await foreach (var answer in feed.ListenAsync(first, patience, cancellationToken).ConfigureAwait(false)) yield return answer;
        }
        finally
        {
            Return(key);
        }
    }

    private Feed<T> Take(TKey key)
    {
        lock (_gate)
        {
            var (feed, listeners) = _feeds.TryGetValue(key, out var entry) ? entry : (new Feed<T>(token => ask(key, token), isSame, interval, clock), 0);
            _feeds[key] = (feed, listeners + 1);
            return feed;
        }
    }

    private void Return(TKey key)
    {
        lock (_gate)
        {
            var (feed, listeners) = _feeds[key];
            if (listeners > 1)
            {
                _feeds[key] = (feed, listeners - 1);
                return;
            }

            _feeds.Remove(key);
            feed.Dispose();
        }
    }
}
