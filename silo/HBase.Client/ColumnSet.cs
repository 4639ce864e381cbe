using HBase.Client.Protocol;

namespace HBase.Client;

/// <summary>The families and columns that a read asks for; all of them where it names none.</summary>
internal sealed class ColumnSet
{
    private readonly List<(byte[] Family, List<byte[]> Qualifiers)> _families = [];

    /// <summary>A null qualifier means the whole family.</summary>
    public void Add(ReadOnlySpan<byte> family, byte[]? qualifier)
    {
        List<byte[]>? qualifiers = null;
        foreach (var known in _families)
        {
            if (family.SequenceEqual(known.Family)) qualifiers = known.Qualifiers;
        }

        if (qualifiers is null) _families.Add((family.ToArray(), qualifiers = []));
        if (qualifier is not null) qualifiers.Add(qualifier);
    }

    // Column: 1 family, 2 qualifier*
    public void Write(FrameBuffer buffer, int field)
    {
        foreach (var (family, qualifiers) in _families)
        {
            var column = buffer.Begin(field, 64);
            buffer.WriteBytes(1, family);
            foreach (var qualifier in qualifiers) buffer.WriteBytes(2, qualifier);
            buffer.End(column);
        }
    }
}
