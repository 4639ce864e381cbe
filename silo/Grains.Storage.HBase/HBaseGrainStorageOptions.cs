using Orleans.Storage;

namespace Grains.Storage.HBase;

/// <summary>Settings of one named <see cref="HBaseGrainStorage"/>.</summary>
public sealed class HBaseGrainStorageOptions : IStorageProviderSerializerOptions
{
    /// <summary>Turns states to bytes and back. Default: the silo's grain storage serializer.</summary>
    public IGrainStorageSerializer GrainStorageSerializer { get; set; } = null!;
}
