using System.Buffers.Binary;
using System.Text;

namespace Grains.Windows.Rows;

/// <summary>Reads the content of a row from its beginning to its end, and trusts nothing.</summary>
internal ref struct RowCursor(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>A number of at most <paramref name="most"/>.</summary>
    public long Varint(long most)
    {
        ulong value = 0;
        for (var shift = 0; shift < 63; shift += 7)
        {
            if (_rest.IsEmpty) throw RowFormat.Damaged("it ends in the middle");

            var b = _rest[0];
            _rest = _rest[1..];
            value |= (ulong)(b & 0x7f) << shift;
            if (b >= 0x80) continue;

            return value <= (ulong)most ? (long)value : throw RowFormat.Damaged("a number is too large");
        }

        throw RowFormat.Damaged("a number is too large");
    }

    public uint UInt32()
    {
        var value = BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));
        return value;
    }

    /// <summary>How many things follow, each of which takes at least <paramref name="leastBytes"/>: never more than there is room for.</summary>
    public int Count(int leastBytes) => (int)Varint(_rest.Length / leastBytes);

    public ReadOnlySpan<byte> Framed() => Take((int)Varint(int.MaxValue));

    public string Text()
    {
        try
        {
            return Strict.GetString(Framed());
        }
        catch (DecoderFallbackException)
        {
            throw RowFormat.Damaged("a name is not UTF-8");
        }
    }

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length) throw RowFormat.Damaged("it ends in the middle");

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
