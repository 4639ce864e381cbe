using Orleans.Storage;

namespace Grains.Storage.Postgres;

/// <summary>Settings of one named <see cref="PostgresGrainStorage"/>.</summary>
public sealed class PostgresGrainStorageOptions : IStorageProviderSerializerOptions
{
    /// <summary>Turns states to bytes and back. Default: the silo's grain storage serializer.</summary>
    public IGrainStorageSerializer GrainStorageSerializer { get; set; } = null!;
}
