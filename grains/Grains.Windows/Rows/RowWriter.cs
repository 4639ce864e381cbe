using System.Buffers.Binary;
using System.Text;

namespace Grains.Windows.Rows;

/// <summary>Bytes of a row that is being written; used again and again.</summary>
internal sealed class RowWriter
{
    private byte[] _bytes = new byte[1024];
    private int _count;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

    public void Clear() => _count = 0;

    public void Byte(byte value)
    {
        Reserve(1);
        _bytes[_count++] = value;
    }

    public void UInt32(uint value)
    {
        Reserve(sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_count), value);
        _count += sizeof(uint);
    }

    public void Varint(long value) => Varint((ulong)value);

    public void Varint(ulong value)
    {
        Reserve(10);
        while (value >= 0x80)
        {
            _bytes[_count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[_count++] = (byte)value;
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_count));
        _count += bytes.Length;
    }

    /// <summary>Bytes with their length before them.</summary>
    public void Framed(ReadOnlySpan<byte> bytes)
    {
        Varint(bytes.Length);
        Bytes(bytes);
    }

    public void Text(string text) => Framed(Encoding.UTF8.GetBytes(text));

    private void Reserve(int bytes)
    {
        if (_count + bytes > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _count + bytes));
    }
}
