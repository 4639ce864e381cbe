using System.Buffers.Text;

namespace Grains.Weblog.Traffic;

/// <summary>Writes the parts of a line one after the other into a buffer that is large enough.</summary>
internal ref struct LineWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    public int Length { get; private set; }

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_destination[Length..]);
        Length += bytes.Length;
    }

    public void Write(int number)
    {
        Utf8Formatter.TryFormat(number, _destination[Length..], out var written);
        Length += written;
    }

    public void WriteTwo(int number)
    {
        _destination[Length] = (byte)('0' + (number / 10));
        _destination[Length + 1] = (byte)('0' + (number % 10));
        Length += 2;
    }

    public void WriteHex(int number)
    {
        Utf8Formatter.TryFormat(number, _destination[Length..], out var written, new('x'));
        Length += written;
    }

    /// <summary>Cuts the line off after <paramref name="length"/> bytes.</summary>
    public void CutTo(int length) => Length = Math.Min(Length, length);
}
