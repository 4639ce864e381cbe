using System.Runtime.CompilerServices;

namespace Grains.Api.Live;

/// <summary>One question, asked again and again from construction to disposal, for any number of listeners.</summary>
/// <remarks>A listener who is slow misses answers in between and never the newest. When a question fails, every listener is told and the feed is over.</remarks>
internal sealed class Feed<T> : IDisposable
    where T : class
{
    private readonly Func<T, T, bool> _isSame;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _disposal = new();
    private volatile News _news = new(null);

    /// <param name="ask">Asks; null where there is no answer now.</param>
    /// <param name="isSame">Whether an answer tells no more than another.</param>
    /// <param name="interval">How long to wait before each question.</param>
    /// <param name="clock">Measures the wait.</param>
    public Feed(Func<CancellationToken, ValueTask<T?>> ask, Func<T, T, bool> isSame, TimeSpan interval, TimeProvider clock)
    {
        _isSame = isSame;
        _clock = clock;
        _ = AskAsync(ask, interval, _disposal.Token);
    }

    /// <summary>
    /// <paramref name="first"/>, then every answer that tells something new; null whenever nothing was told for <paramref name="patience"/>. Ends when cancelled.
    /// </summary>
    public async IAsyncEnumerable<T?> ListenAsync(T first, TimeSpan patience, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var told = first;
        yield return first;

        while (!cancellationToken.IsCancellationRequested)
        {
            var news = _news;
            if (news.Answer is { } answer && !_isSame(answer, told))
            {
                told = answer;
                yield return answer;
                continue;
            }

            var next = news.Next.Task;
            await next.WaitAsync(patience, _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (next.IsFaulted) await next.ConfigureAwait(false);
            if (!next.IsCompleted && !cancellationToken.IsCancellationRequested) yield return null;
        }
    }

    /// <summary>Stops asking.</summary>
    public void Dispose()
    {
        _disposal.Cancel();
        _disposal.Dispose();
    }

    private async Task AskAsync(Func<CancellationToken, ValueTask<T?>> ask, TimeSpan interval, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(interval, _clock, cancellationToken).ConfigureAwait(false);
                var answer = await ask(cancellationToken).ConfigureAwait(false);
                if (answer is null || (_news.Answer is { } newest && _isSame(answer, newest))) continue;

                var waitedFor = _news.Next;
                // Order matters: whom the old promise wakes must find the new answer.
                _news = new News(answer);
                waitedFor.SetResult();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
        catch (Exception exception)
        {
            _news.Next.SetException(exception);
        }
    }

    /// <summary>An answer and the promise of the one after it.</summary>
    private sealed class News(T? answer)
    {
        public T? Answer { get; } = answer;
        public TaskCompletionSource Next { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
