namespace Grains.Streams.Storage;

/// <summary>A snapshot row as the state of a grain: what <see cref="GrainStorageSnapshots"/> gives to a grain storage.</summary>
[GenerateSerializer, Alias("Grains.Streams.Storage.StoredSnapshot")]
public sealed class StoredSnapshot
{
    /// <summary>The row's version; 0 where it was never written.</summary>
    [Id(0)]
    public long Version { get; set; }

    /// <summary>The cell that wrote it.</summary>
    [Id(1)]
    public long Writer { get; set; }

    /// <summary>The row's bytes.</summary>
    [Id(2)]
    public byte[] Payload { get; set; } = [];
}
