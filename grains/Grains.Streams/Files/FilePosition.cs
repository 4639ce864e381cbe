namespace Grains.Streams.Files;

/// <summary>A position in a log: which of its files, counted from 1 as they were met, and the byte in it. As one number it grows for ever.</summary>
/// <remarks>Room for 8 million files of a terabyte each. Never 0, so that "nothing yet" has a number of its own.</remarks>
internal readonly record struct FilePosition(long Generation, long Offset)
{
    private const int OffsetBits = 40;

    public long Value => (Generation << OffsetBits) | Offset;

    public static FilePosition Of(long value) => new(value >> OffsetBits, value & ((1L << OffsetBits) - 1));
}
