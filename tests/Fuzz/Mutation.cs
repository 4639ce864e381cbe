using System.Buffers.Binary;

namespace Grains.Fuzz;

/// <summary>Changes golden bytes as damage, or malice, would: bits, hostile lengths, pieces cut out, doubled and cut off. The same random numbers give the same bytes.</summary>
public static class Mutation
{
    private const int MaxChanges = 6;
    private static readonly int[] Hostile = [-1, 0, 1, 127, 128, 255, 256, 32_767, 65_535, int.MaxValue, int.MinValue, int.MaxValue - 3];

    /// <summary>Another one of the corpus, changed in one to six places.</summary>
    public static byte[] Next(IReadOnlyList<byte[]> corpus, Random random)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(random);
        var bytes = corpus[random.Next(corpus.Count)].ToList();
        for (var changes = random.Next(1, MaxChanges + 1); changes > 0 && bytes.Count > 0; changes--) Change(bytes, random);
        return [.. bytes];
    }

    private static void Change(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count);
        var length = random.Next(1, Math.Min(64, bytes.Count - at) + 1);
        switch (random.Next(7))
        {
            case 0: bytes[at] = (byte)random.Next(256); break;
            case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 2: bytes.RemoveRange(at, bytes.Count - at); break;
            case 3: bytes.RemoveRange(at, length); break;
            case 4: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
            case 5: Overwrite(bytes, at, Hostile[random.Next(Hostile.Length)]); break;

            // A varint that does not end.
            case 6: bytes.InsertRange(at, Enumerable.Repeat((byte)0xFF, random.Next(1, 12))); break;
        }
    }

    private static void Overwrite(List<byte> bytes, int at, int value)
    {
        Span<byte> number = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(number, value);
        for (var i = 0; i < sizeof(int) && at + i < bytes.Count; i++) bytes[at + i] = number[i];
    }
}
