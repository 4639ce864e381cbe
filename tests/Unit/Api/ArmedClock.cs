using Microsoft.Extensions.Time.Testing;

namespace Grains.Tests.Unit.Api;

/// <summary>A clock that the test moves, and that tells when somebody has begun to wait for it: only then is it sure that moving it has an effect.</summary>
internal sealed class ArmedClock : FakeTimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _waits = [];
    private readonly List<(TimeSpan Wait, int Times, TaskCompletionSource Reached)> _watchers = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        lock (_gate)
        {
            _waits.Add(dueTime);
            foreach (var (wait, times, reached) in _watchers)
            {
                if (_waits.Count(each => each == wait) >= times) reached.TrySetResult();
            }
        }

        return timer;
    }

    /// <summary>Waits until a wait of that length has begun that many times.</summary>
    public async Task ArmedAsync(TimeSpan wait, int times)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_waits.Count(each => each == wait) >= times) return;
            _watchers.Add((wait, times, reached));
        }

        try
        {
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (TimeoutException)
        {
            lock (_gate) throw new TimeoutException($"Nobody waits {wait} for the {times}th time; begun were: {string.Join(", ", _waits)}");
        }
    }
}
