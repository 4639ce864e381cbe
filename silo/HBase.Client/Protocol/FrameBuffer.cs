using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Google.Protobuf;

namespace HBase.Client.Protocol;

/// <summary>Bytes on their way to a server: frames one after the other, in one rented array that grows.</summary>
/// <remarks>
/// Runs per field; allocates nothing but the array. Messages are written in one pass: <see cref="Begin"/> leaves room for the length that is expected, <see cref="End"/> puts the length
/// there and moves the message if the guess was wrong.
/// </remarks>
internal sealed class FrameBuffer(int initialBytes = FrameBuffer.InitialBytes) : IDisposable
{
    public const int InitialBytes = 16 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(initialBytes);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Forgets what was written; an array far larger than the usual is given back.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length <= 16 * InitialBytes) return;

        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = ArrayPool<byte>.Shared.Rent(InitialBytes);
    }

    public void Truncate(int length) => Length = length;

    public void Dispose()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }

    public void WriteByte(byte value)
    {
        Ensure(1);
        _bytes[Length++] = value;
    }

    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        Ensure(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    public void WriteVarint(ulong value)
    {
        Ensure(10);
        var bytes = _bytes;
        var position = Length;
        while (value >= 0x80)
        {
            bytes[position++] = (byte)(value | 0x80);
            value >>= 7;
        }

        bytes[position++] = (byte)value;
        Length = position;
    }

    public void WriteUInt64(int field, ulong value)
    {
        WriteVarint((uint)field << 3);
        WriteVarint(value);
    }

    public void WriteBool(int field, bool value) => WriteUInt64(field, value ? 1UL : 0UL);

    public void WriteBytes(int field, ReadOnlySpan<byte> value)
    {
        WriteVarint(((uint)field << 3) | 2);
        WriteVarint((uint)value.Length);
        WriteRaw(value);
    }

    public void WriteString(int field, string value)
    {
        var mark = Begin(field, value.Length);
        Ensure(Encoding.UTF8.GetMaxByteCount(value.Length));
        Length += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(Length));
        End(mark);
    }

    /// <summary>Writes the tag of a message field and leaves room for its length.</summary>
    public FrameMark Begin(int field, int expectedBytes)
    {
        WriteVarint(((uint)field << 3) | 2);
        return BeginDelimited(expectedBytes);
    }

    /// <summary>Leaves room for the length of a message that has no tag, as the parts of a frame have none.</summary>
    public FrameMark BeginDelimited(int expectedBytes)
    {
        var room = VarintSize((uint)expectedBytes);
        Ensure(room);
        Length += room;
        return new FrameMark(Length, room);
    }

    public void End(FrameMark mark)
    {
        var length = Length - mark.Start;
        var size = VarintSize((uint)length);
        if (size != mark.Room)
        {
            var shift = size - mark.Room;
            if (shift > 0) Ensure(shift);
            _bytes.AsSpan(mark.Start, length).CopyTo(_bytes.AsSpan(mark.Start + shift));
            Length += shift;
        }

        var position = mark.Start - mark.Room;
        var rest = (uint)length;
        while (rest >= 0x80)
        {
            _bytes[position++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        _bytes[position] = (byte)rest;
    }

    /// <summary>Leaves room for a frame's length.</summary>
    public int BeginFrame()
    {
        Ensure(sizeof(int));
        Length += sizeof(int);
        return Length;
    }

    /// <summary>Puts the frame's length in the room that <see cref="BeginFrame"/> left.</summary>
    public void EndFrame(int start) => BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(start - sizeof(int)), Length - start);

    /// <summary>Writes a message of Google.Protobuf, without tag and length.</summary>
    public void WriteMessage(IMessage message)
    {
        var size = message.CalculateSize();
        Ensure(size);
        message.WriteTo(_bytes.AsSpan(Length, size));
        Length += size;
    }

    public static int VarintSize(uint value) => (BitOperations.Log2(value | 1) / 7) + 1;

    private void Ensure(int room)
    {
        if (_bytes.Length - Length < room) Grow(room);
    }

    private void Grow(int room)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(_bytes.Length * 2, Length + room)));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}

/// <summary>Where a message begins whose length is not known yet, and the room left for it.</summary>
internal readonly record struct FrameMark(int Start, int Room);
