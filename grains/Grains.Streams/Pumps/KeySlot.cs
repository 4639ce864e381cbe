using Grains.Streams.Cells;

namespace Grains.Streams.Pumps;

/// <summary>What a pump knows of one key.</summary>
internal sealed class KeySlot<TState, TEvent>(string key)
    where TState : class, IKeyedState<TEvent>
    where TEvent : unmanaged
{
    public const long NotDeferred = long.MaxValue;

    public readonly string Key = key;

    /// <summary>The key's cell on this silo; null where it has none, or is elsewhere.</summary>
    public Cell<TState, TEvent>? Cell;

    /// <summary>The silo that owns the key; null for this one.</summary>
    public IRemoteCells<TEvent>? Remote;

    /// <summary>The version of the routes that <see cref="Remote"/> is of.</summary>
    public int RoutesVersion = -1;

    /// <summary>Whether the key's cell has been greeted: then <see cref="Epoch"/> and <see cref="Applied"/> are its own.</summary>
    public bool Greeted;

    /// <summary>The epoch of the cell that has been greeted.</summary>
    public long Epoch;

    /// <summary>The last position known to be counted.</summary>
    public long Applied = Mark.None;

    /// <summary>The first position that may be counted and not durable; meaningful while <see cref="IsUndurable"/>.</summary>
    public long FirstUndurable;

    /// <summary>Whether the slot stands in the pump's list of what is not durable.</summary>
    public bool IsUndurable;

    /// <summary>The first event that was passed over since the storage could not be asked for what it needs; <see cref="NotDeferred"/> where none was.</summary>
    public long DeferredFrom = NotDeferred;

    /// <summary>How many events of the present batch are the key's.</summary>
    public int Count;

    /// <summary>Where they begin in the batch, once it is grouped.</summary>
    public int Offset;

    /// <summary>The slot's number in the present batch.</summary>
    public int Number;
}
