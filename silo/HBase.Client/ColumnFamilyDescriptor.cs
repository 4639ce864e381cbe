using System.Globalization;
using Google.Protobuf;
using HBase.Client.Protocol;

namespace HBase.Client;

/// <summary>A column family of a table and its settings. What is null is left to the server's default.</summary>
public sealed class ColumnFamilyDescriptor(string name)
{
    private const int Forever = int.MaxValue;

    /// <summary>The family's name; short, for it stands in every cell.</summary>
    public string Name { get; } = name;

    /// <summary>Versions of a column that are kept; 1 by default.</summary>
    public int? MaxVersions { get; init; }

    /// <summary>How long cells live, counted from their timestamps, whole seconds; for ever by default.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>NONE, GZ, SNAPPY, LZ4, ZSTD …; a codec must be installed on the servers.</summary>
    public string? Compression { get; init; }

    /// <summary>NONE, ROW, ROWCOL.</summary>
    public string? BloomFilter { get; init; }

    /// <summary>NONE, PREFIX, DIFF, FAST_DIFF, ROW_INDEX_V1.</summary>
    public string? DataBlockEncoding { get; init; }

    /// <summary>Bytes of a block in files; 65,536 by default.</summary>
    public int? BlockSize { get; init; }

    /// <summary>Other attributes by the names HBase gives them (IN_MEMORY, KEEP_DELETED_CELLS, …), both ways.</summary>
    public IDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal ColumnFamilySchema ToMessage()
    {
        var attributes = new Dictionary<string, string>(Attributes, StringComparer.Ordinal);
        if (MaxVersions is { } versions) attributes["VERSIONS"] = versions.ToString(CultureInfo.InvariantCulture);
        if (TimeToLive is { } ttl) attributes["TTL"] = ((long)ttl.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (Compression is not null) attributes["COMPRESSION"] = Compression;
        if (BloomFilter is not null) attributes["BLOOMFILTER"] = BloomFilter;
        if (DataBlockEncoding is not null) attributes["DATA_BLOCK_ENCODING"] = DataBlockEncoding;
        if (BlockSize is { } size) attributes["BLOCKSIZE"] = size.ToString(CultureInfo.InvariantCulture);
        var message = new ColumnFamilySchema { Name = ByteString.CopyFromUtf8(Name) };
        foreach (var (key, value) in attributes) message.Attributes.Add(new BytesBytesPair { First = ByteString.CopyFromUtf8(key), Second = ByteString.CopyFromUtf8(value) });
        return message;
    }

    internal static ColumnFamilyDescriptor FromMessage(ColumnFamilySchema message)
    {
        var attributes = message.Attributes.GroupBy(static pair => pair.First.ToStringUtf8(), StringComparer.Ordinal)
            .ToDictionary(static pairs => pairs.Key, static pairs => pairs.Last().Second.ToStringUtf8(), StringComparer.Ordinal);
        return new ColumnFamilyDescriptor(message.Name.ToStringUtf8())
        {
            MaxVersions = Number("VERSIONS"),
            TimeToLive = Number("TTL") is { } seconds and < Forever ? TimeSpan.FromSeconds(seconds) : null,
            Compression = attributes.GetValueOrDefault("COMPRESSION"),
            BloomFilter = attributes.GetValueOrDefault("BLOOMFILTER"),
            DataBlockEncoding = attributes.GetValueOrDefault("DATA_BLOCK_ENCODING"),
            BlockSize = Number("BLOCKSIZE"),
            Attributes = attributes,
        };

        int? Number(string key) => int.TryParse(attributes.GetValueOrDefault(key), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
