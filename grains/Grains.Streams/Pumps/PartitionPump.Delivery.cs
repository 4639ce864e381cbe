using Grains.Streams.Cells;
using Grains.Streams.Storage;

namespace Grains.Streams.Pumps;

/// <content>The way of a batch into the cells.</content>
internal sealed partial class PartitionPump<TState, TEvent>
{
    private const int CellsAtOnce = 16;

    private readonly List<KeySlot<TState, TEvent>> _strangers = [];
    private readonly List<KeySlot<TState, TEvent>> _elsewhere = [];
    private readonly List<KeySlot<TState, TEvent>> _deferred = [];

    // Nobody reads it; without it the compiler need not read either.
    private int _touched;

    /// <summary>Brings what was handed in to its cells, as far as they can be reached now.</summary>
    /// <returns>Whether everything is counted; where not, call again after a while, and hand in nothing before.</returns>
    /// <exception cref="Storage.SnapshotStorageException">A row is damaged.</exception>
    public async ValueTask<bool> DeliverAsync(CancellationToken cancellationToken)
    {
        Place();
        if (_batch.Count == 0) return true;

        _batch.Group();
        // Twice, since a cell may have closed since it was greeted; what is refused more often waits for the next call.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            await GreetAsync(_batch.Slots, onlyWithEvents: true, cancellationToken).ConfigureAwait(false);
            var open = 0;
            var now = host.Now;
            for (var i = 0; i < _batch.Slots.Count; i++)
            {
                if (i % CellsAtOnce == 0) Touch(i);
                var slot = _batch.Slots[i];
                if (slot.Count == 0) continue;

                if (!slot.Greeted) open++;
                else if (slot.Remote is not null) _elsewhere.Add(slot);
                else if (!await ApplyHereAsync(slot, now, cancellationToken).ConfigureAwait(false)) open++;
            }

            open += await ApplyElsewhereAsync(cancellationToken).ConfigureAwait(false);
            if (open > 0) continue;

            _batch.Clear();
            return true;
        }

        return false;
    }

    // Cold cells are in no cache. The locks of counting keep the processor from looking ahead; these reads do not.
    private void Touch(int first)
    {
        var end = Math.Min(first + CellsAtOnce, _batch.Slots.Count);
        var sum = 0;
        for (var i = first; i < end; i++) sum += _batch.Slots[i].Cell?.Touch() ?? 0;
        Volatile.Write(ref _touched, sum);
    }

    // Local chunks mostly complete at once, so this is not async.
    private ValueTask<bool> ApplyHereAsync(KeySlot<TState, TEvent> slot, long now, CancellationToken cancellationToken)
    {
        var skip = Skip(slot);
        if (skip == slot.Count) return new ValueTask<bool>(Done(slot));

        var (first, last) = (_batch.PositionsOf(slot)[skip], _batch.PositionsOf(slot)[^1]);
        var chunk = _batch.EventsOf(slot)[skip..];
        var reply = host.TryApply(slot.Cell!, slot.Epoch, _number, first, last, chunk.Span, now, out var missing);
        return reply.Answer == CellAnswer.NeedsHistory
            ? RestoreAsync(slot, first, host.RestoreAndApplyAsync(slot.Cell!, slot.Epoch, _number, first, last, chunk, missing!, cancellationToken))
            : new ValueTask<bool>(Take(slot, first, reply));
    }

    private async ValueTask<bool> RestoreAsync(KeySlot<TState, TEvent> slot, long first, ValueTask<CellReply> restored)
    {
        try
        {
            return Take(slot, first, await restored.ConfigureAwait(false));
        }
        catch (SnapshotStorageException away) when (away.IsTransient)
        {
            return Defer(slot, first);
        }
    }

    // Returns how many of the slots are not done.
    private async ValueTask<int> ApplyElsewhereAsync(CancellationToken cancellationToken)
    {
        if (_elsewhere.Count == 0) return 0;

        var calls = _elsewhere.GroupBy(slot => slot.Remote!).Select(silo => ApplyAtAsync(silo.Key, [.. silo], cancellationToken)).ToList();
        _elsewhere.Clear();
        return (await Task.WhenAll(calls).ConfigureAwait(false)).Sum();
    }

    private async Task<int> ApplyAtAsync(IRemoteCells<TEvent> silo, KeySlot<TState, TEvent>[] slots, CancellationToken cancellationToken)
    {
        var chunks = new List<Chunk<TEvent>>(slots.Length);
        var sent = new List<KeySlot<TState, TEvent>>(slots.Length);
        foreach (var slot in slots)
        {
            var skip = Skip(slot);
            if (skip == slot.Count)
            {
                Done(slot);
                continue;
            }

            sent.Add(slot);
            chunks.Add(new Chunk<TEvent>(slot.Key, slot.Epoch, _batch.PositionsOf(slot)[skip], _batch.PositionsOf(slot)[^1], _batch.EventsOf(slot)[skip..]));
        }

        if (sent.Count == 0) return 0;

        try
        {
            var replies = await silo.ApplyAsync(Partition, chunks, cancellationToken).ConfigureAwait(false);
            var open = 0;
            for (var i = 0; i < sent.Count; i++) open += Take(sent[i], chunks[i].First, replies[i]) ? 0 : 1;
            return open;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Nobody knows which of the chunks are counted: each stays in the batch and is sent again as it is. A chunk that was counted is acknowledged.
            if (!host.Rules.ResentUntilAnswered)
            {
                foreach (var slot in sent) Done(slot);
                return 0;
            }

            return sent.Count;
        }
    }

    // True where the slot's part of the batch is done with.
    private bool Take(KeySlot<TState, TEvent> slot, long first, in CellReply reply)
    {
        switch (reply.Answer)
        {
            case CellAnswer.Counted:
                slot.Applied = Math.Max(slot.Applied, reply.Applied);
                NoteUndurable(slot, first, reply.Durable);
                return Done(slot);
            case CellAnswer.Refused:
                return Greet(slot, reply);
            case CellAnswer.Away:
                return Defer(slot, first);
            default:
                slot.Greeted = false;
                slot.Cell = null;
                return false;
        }
    }

    // Asks the cell of each slot that has not been greeted since its route last changed or its cell closed.
    private async ValueTask GreetAsync(List<KeySlot<TState, TEvent>> slots, bool onlyWithEvents, CancellationToken cancellationToken)
    {
        _strangers.Clear();
        var version = routes.Version;
        foreach (var slot in slots)
        {
            if (onlyWithEvents && slot.Count == 0) continue;

            if (slot.RoutesVersion != version)
            {
                var remote = routes.RouteOf(slot.Key);
                if (slot.RoutesVersion < 0 || !ReferenceEquals(remote, slot.Remote)) (slot.Remote, slot.Cell, slot.Greeted) = (remote, remote is null ? slot.Cell : null, false);
                slot.RoutesVersion = version;
            }

            // A cell that has closed answers so itself: a batch need not look, which would touch every cell twice.
            if (!onlyWithEvents && slot.Remote is null && slot.Cell is not { IsClosed: false }) (slot.Cell, slot.Greeted) = (null, false);
            if (!slot.Greeted) _strangers.Add(slot);
        }

        if (_strangers.Count == 0) return;

        try
        {
            await GreetHereAsync([.. _strangers.Where(slot => slot.Remote is null)], cancellationToken).ConfigureAwait(false);
        }
        catch (SnapshotStorageException away) when (away.IsTransient && onlyWithEvents)
        {
            foreach (var slot in _strangers.Where(slot => slot is { Remote: null, Greeted: false })) Defer(slot, _batch.PositionsOf(slot)[0]);
        }

        foreach (var silo in _strangers.Where(slot => slot.Remote is not null).GroupBy(slot => slot.Remote!))
        {
            await GreetAtAsync(silo.Key, [.. silo], cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask GreetHereAsync(KeySlot<TState, TEvent>[] slots, CancellationToken cancellationToken)
    {
        if (slots.Length == 0) return;

        // Mostly another partition of this silo has opened the cell already.
        var closed = Array.FindAll(slots, slot => !TryGreetHere(slot));
        if (closed.Length == 0) return;

        await host.OpenSoonAsync(Array.ConvertAll(closed, slot => slot.Key), cancellationToken).ConfigureAwait(false);
        foreach (var slot in closed) TryGreetHere(slot);
    }

    private bool TryGreetHere(KeySlot<TState, TEvent> slot)
    {
        if (slot.Cell is not { IsClosed: false }) slot.Cell = host.Find(slot.Key);
        if (slot.Cell?.Hello(_number) is not { Answer: CellAnswer.Counted } reply) return false;

        Greet(slot, reply);
        return true;
    }

    private async ValueTask GreetAtAsync(IRemoteCells<TEvent> silo, KeySlot<TState, TEvent>[] slots, CancellationToken cancellationToken)
    {
        try
        {
            var replies = await silo.HelloAsync(Partition, Array.ConvertAll(slots, slot => slot.Key), cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < slots.Length; i++)
            {
                if (replies[i].Answer == CellAnswer.Counted) Greet(slots[i], replies[i]);
                else if (replies[i].Answer == CellAnswer.Away && slots[i].Count > 0) Defer(slots[i], _batch.PositionsOf(slots[i])[0]);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Not greeted: asked again with the next call.
        }
    }

    // Takes over what the cell says of itself. True where the slot's part of the batch is done with, since the source is read again from before it.
    private bool Greet(KeySlot<TState, TEvent> slot, in CellReply reply)
    {
        var forgotten = reply.Applied < slot.Applied;
        (slot.Greeted, slot.Epoch, slot.Applied) = (true, reply.Epoch, reply.Applied);
        // What another pump of this partition has delivered, and the storage has not, must not be committed by this one either.
        NoteUndurable(slot, Math.Max(_begun, reply.Durable + 1), reply.Durable);
        if (!forgotten) return false;

        // What stood between is lost with the cell that had counted it. It is not durable, so the commit never passed it.
        _rewind = Math.Min(_rewind, reply.Applied + 1);
        return Done(slot);
    }

    // The slot's events of this batch and those to come are passed over; the source is read again from there when the storage answers. True, since its part of the batch is done with.
    private bool Defer(KeySlot<TState, TEvent> slot, long first)
    {
        if (slot.DeferredFrom == KeySlot<TState, TEvent>.NotDeferred) _deferred.Add(slot);
        slot.DeferredFrom = Math.Min(slot.DeferredFrom, first);
        return Done(slot);
    }

    // The storage answers for one of them before all are asked, and before the source is read again for nothing.
    private async ValueTask ResumeDeferredAsync(CancellationToken cancellationToken)
    {
        await host.ProbeAsync(_deferred[0].Key, cancellationToken).ConfigureAwait(false);
        await GreetAsync(_deferred, onlyWithEvents: false, cancellationToken).ConfigureAwait(false);
        _deferred.RemoveAll(slot =>
        {
            if (!slot.Greeted) return false;

            _rewind = Math.Min(_rewind, slot.DeferredFrom);
            slot.DeferredFrom = KeySlot<TState, TEvent>.NotDeferred;
            return true;
        });
    }

    private async ValueTask NudgeAsync(CancellationToken cancellationToken)
    {
        var elsewhere = _undurable.Where(slot => slot.Remote is not null).ToList();
        // A cell here is asked only where it is gone: the snapshot writer of this silo flushes the others.
        foreach (var slot in elsewhere) slot.Greeted = false;
        await GreetAsync(_undurable, onlyWithEvents: false, cancellationToken).ConfigureAwait(false);
    }

    // How many of the slot's events are counted already.
    private int Skip(KeySlot<TState, TEvent> slot)
    {
        if (!host.Rules.AppliedIsSkipped) return 0;

        var positions = _batch.PositionsOf(slot);
        if (positions[0] > slot.Applied) return 0;

        var at = positions.BinarySearch(slot.Applied);
        return at < 0 ? ~at : at + 1;
    }

    private static bool Done(KeySlot<TState, TEvent> slot)
    {
        slot.Count = 0;
        return true;
    }
}
