namespace Grains.Streams.Pumps;

/// <summary>The last few events that were taken, whose keys are still to be found: several are looked for together, so that the memory of all is fetched at the same time.</summary>
internal sealed class Arrivals<TEvent>
    where TEvent : unmanaged
{
    /// <summary>How many there is room for: as many fetches as a processor has under way at once.</summary>
    public const int Room = 16;

    private readonly Arrival[] _arrivals = new Arrival[Room];
    private byte[] _keys = new byte[Room * 16];
    private int _keyBytes;

    public int Count { get; private set; }

    public bool IsFull => Count == Room;

    public ref readonly Arrival this[int index] => ref _arrivals[index];

    public ReadOnlySpan<byte> KeyOf(int index) => _keys.AsSpan(_arrivals[index].KeyStart, _arrivals[index].KeyLength);

    /// <remarks>Runs per record; allocates only for keys that are longer together than any before.</remarks>
    public void Add(ReadOnlySpan<byte> key, ulong hash, long position, in TEvent taken)
    {
        if (_keys.Length - _keyBytes < key.Length) Array.Resize(ref _keys, 2 * (_keyBytes + key.Length));
        key.CopyTo(_keys.AsSpan(_keyBytes));
        _arrivals[Count++] = new Arrival(hash, position, _keyBytes, key.Length, taken);
        _keyBytes += key.Length;
    }

    public void Clear() => (Count, _keyBytes) = (0, 0);

    /// <summary>One event, and the hash and place of its key.</summary>
    public readonly record struct Arrival(ulong Hash, long Position, int KeyStart, int KeyLength, TEvent Event);
}
