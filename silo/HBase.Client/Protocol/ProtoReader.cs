using System.Buffers.Binary;
using System.Text;

namespace HBase.Client.Protocol;

/// <summary>Walks the fields of one protobuf message in place. Whatever the bytes, it ends in <see cref="WireFormatException"/> or at the end.</summary>
/// <remarks>Runs per field; allocates nothing but the strings asked for. A length is checked against what is there before it is used.</remarks>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private const int MaxFieldNumber = (1 << 29) - 1;

    private readonly ReadOnlySpan<byte> _message = message;
    private int _position;

    /// <summary>Number of the field that <see cref="Next"/> found.</summary>
    public int Field { get; private set; }

    /// <summary>Wire type of the field that <see cref="Next"/> found: 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes.</summary>
    public int WireType { get; private set; }

    public readonly bool AtEnd => _position == _message.Length;

    /// <summary>Goes to the next field; false at the end. The value must then be read or skipped.</summary>
    public bool Next()
    {
        if (_position == _message.Length) return false;

        var tag = ReadVarint();
        if (tag > uint.MaxValue || tag >> 3 == 0 || tag >> 3 > MaxFieldNumber) throw new WireFormatException($"Field tag {tag} is not one.");

        Field = (int)(tag >> 3);
        WireType = (int)(tag & 7);
        return true;
    }

    public ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_position >= _message.Length) throw new WireFormatException("A varint runs past the end.");

            var b = _message[_position++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }

        throw new WireFormatException("A varint is longer than ten bytes.");
    }

    public ulong ReadUInt64()
    {
        Expect(0);
        return ReadVarint();
    }

    public uint ReadUInt32() => (uint)ReadUInt64();

    public bool ReadBool() => ReadUInt64() != 0;

    public ReadOnlySpan<byte> ReadBytes()
    {
        Expect(2);
        var length = ReadVarint();
        if (length > (ulong)(_message.Length - _position)) throw new WireFormatException($"A field of {length} bytes runs past the end.");

        var bytes = _message.Slice(_position, (int)length);
        _position += (int)length;
        return bytes;
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadBytes());

    public void Skip()
    {
        switch (WireType)
        {
            case 0: ReadVarint(); break;
            case 1: Advance(sizeof(ulong)); break;
            case 2: ReadBytes(); break;
            case 5: Advance(sizeof(uint)); break;
            default: throw new WireFormatException($"Field {Field} has wire type {WireType}, which HBase does not use.");
        }
    }

    /// <summary>Reads <c>varint length | message</c>, as the parts of a frame stand one after the other.</summary>
    public static ReadOnlySpan<byte> ReadDelimited(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> rest)
    {
        var reader = new ProtoReader(bytes) { WireType = 2 };
        var message = reader.ReadBytes();
        rest = bytes[reader._position..];
        return message;
    }

    public static int ReadInt32BigEndian(ReadOnlySpan<byte> bytes) =>
        bytes.Length < sizeof(int) ? throw new WireFormatException("Four bytes of a length run past the end.") : BinaryPrimitives.ReadInt32BigEndian(bytes);

    private readonly void Expect(int wireType)
    {
        if (WireType != wireType) throw new WireFormatException($"Field {Field} has wire type {WireType}, not {wireType}.");
    }

    private void Advance(int count)
    {
        if (count > _message.Length - _position) throw new WireFormatException($"Field {Field} runs past the end.");
        _position += count;
    }
}
