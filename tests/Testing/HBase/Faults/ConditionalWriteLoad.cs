using System.Diagnostics;
using HBase.Client;

namespace Grains.Testing.HBase.Faults;

/// <summary>Several writers who take rows from version to version by conditional writes, without end and whatever happens, and keep the history of it.</summary>
public sealed class ConditionalWriteLoad
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan FailurePause = TimeSpan.FromMilliseconds(100);
    private static readonly byte[] Family = "f"u8.ToArray();
    private static readonly byte[] Column = "v"u8.ToArray();

    private readonly HBaseTable _table;
    private readonly long[] _lastOfRow;
    private readonly long[] _lastOfWriter;
    private readonly long[] _gapOfWriter;
    private readonly Task _running;
    private long _lastWriter;
    private long _first;
    private int _givenUp;
    private volatile bool _ending;

    /// <summary>Begins.</summary>
    /// <param name="table">A table with the family <c>f</c>.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="writers">How many writers.</param>
    /// <param name="seed">Of the choice of rows.</param>
    public ConditionalWriteLoad(HBaseTable table, int rows, int writers, int seed)
    {
        _table = table;
        (_lastOfRow, _lastOfWriter, _gapOfWriter) = (new long[rows], new long[writers], new long[writers]);
        Array.Fill(_lastOfWriter, Stopwatch.GetTimestamp());
        _running = Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(writer, new Random(seed + writer)))));
    }

    /// <summary>What was tried and answered so far.</summary>
    public ConditionalWriteHistory History { get; } = new();

    /// <summary>Calls that failed without having been done, and were given up after the client's operation timeout.</summary>
    public int GivenUp => _givenUp;

    /// <summary>The longest time since the mark, or over it, in which one writer had no acknowledged write.</summary>
    public TimeSpan LongestGap => TimeSpan.FromSeconds((double)_gapOfWriter.Max() / Stopwatch.Frequency);

    /// <summary>The key of a row.</summary>
    public static byte[] Key(int row) => HBaseBytes.Utf8($"row {row:d3}");

    /// <summary>Begins to measure: a fault was just injected.</summary>
    /// <returns>The present timestamp.</returns>
    public long Mark()
    {
        var now = Stopwatch.GetTimestamp();
        for (var writer = 0; writer < _gapOfWriter.Length; writer++) Interlocked.Exchange(ref _gapOfWriter[writer], 0);
        Volatile.Write(ref _first, 0);
        return now;
    }

    /// <summary>Waits until each row and each writer has had an acknowledged write since the mark.</summary>
    /// <exception cref="TimeoutException">They have not within the limit; the load no longer makes progress.</exception>
    public async Task<FaultTimes> RecoveredAsync(long mark, TimeSpan limit)
    {
        while (Array.Exists(_lastOfRow, last => Volatile.Read(ref last) <= mark) || Array.Exists(_lastOfWriter, last => last <= mark))
        {
            if (_running.IsCompleted) await _running;
            if (Stopwatch.GetElapsedTime(mark) > limit)
            {
                throw new TimeoutException($"{limit.TotalSeconds:0} s after the fault {_lastOfRow.Count(last => last <= mark)} rows and {_lastOfWriter.Count(last => last <= mark)} writers have had no acknowledged write: {string.Join(", ", Enumerable.Range(0, _lastOfRow.Length).Where(row => _lastOfRow[row] <= mark))}.");
            }

            await Task.Delay(Poll, TimeProvider.System);
        }

        return new FaultTimes(Stopwatch.GetElapsedTime(mark, Volatile.Read(ref _first)), Stopwatch.GetElapsedTime(mark), LongestGap, default);
    }

    /// <summary>Ends, and compares the history with what the rows hold.</summary>
    /// <returns>What cannot be; empty if all can.</returns>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        _ending = true;
        await _running;
        var final = new Dictionary<int, (long, long)>();
        for (var row = 0; row < _lastOfRow.Length; row++)
        {
            var (version, writer, _) = Decode(await _table.GetAsync(new Get(Key(row))));
            final[row] = (version, writer);
        }

        return History.Contradictions(final);
    }

    private async Task WriteAsync(int writer, Random random)
    {
        while (!_ending)
        {
            try
            {
                await WriteAsync(writer, random.Next(_lastOfRow.Length));
                await Task.Delay(Pause, TimeProvider.System);
            }
            catch (HBaseException e) when (e.IsTransient)
            {
                // The read before the write: the servers are away for longer than an operation may take.
                Interlocked.Increment(ref _givenUp);
                await Task.Delay(FailurePause, TimeProvider.System);
            }
        }
    }

    // Reads the row, and writes the next version on the condition of what it has read. Two writers meet on a row now and then.
    private async Task WriteAsync(int writer, int row)
    {
        var key = Key(row);
        var (version, previous, stored) = Decode(await _table.GetAsync(new Get(key)));
        var id = Interlocked.Increment(ref _lastWriter);
        byte[] next = [.. HBaseBytes.Int64(version + 1), .. HBaseBytes.Int64(id)];
        var check = stored.IsEmpty ? CheckAndMutate.IfAbsent(key, Family, Column) : CheckAndMutate.IfEquals(key, Family, Column, stored);
        bool? won = null;
        try
        {
            won = await _table.CheckAndMutateAsync(check.Then(new Put(key).Add(Family, Column, next)));
        }
        catch (HBaseException e) when (e.Failure == HBaseFailure.OutcomeUnknown)
        {
            // It may be either, and the checker takes it so.
        }
        catch (HBaseException e) when (e.IsTransient)
        {
            // It says that nothing was done, and the checker holds it to that.
            Interlocked.Increment(ref _givenUp);
            won = false;
        }

        History.Add(new ConditionalWrite(row, version + 1, previous, id, won));
        if (won == true) Acknowledged(writer, row);
    }

    private void Acknowledged(int writer, int row)
    {
        var now = Stopwatch.GetTimestamp();
        Volatile.Write(ref _lastOfRow[row], now);
        var gap = now - Interlocked.Exchange(ref _lastOfWriter[writer], now);
        if (gap > Volatile.Read(ref _gapOfWriter[writer])) Volatile.Write(ref _gapOfWriter[writer], gap);
        Interlocked.CompareExchange(ref _first, now, 0);
    }

    private static (long Version, long Writer, ReadOnlyMemory<byte> Stored) Decode(HBaseRow row) =>
        row.TryGetValue(Family, Column, out var stored) ? (HBaseBytes.ToInt64(stored.Span[..sizeof(long)]), HBaseBytes.ToInt64(stored.Span[sizeof(long)..]), stored) : default;
}
