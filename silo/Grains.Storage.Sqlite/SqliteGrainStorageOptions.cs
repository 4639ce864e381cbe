using Orleans.Storage;

namespace Grains.Storage.Sqlite;

/// <summary>Settings of one named <see cref="SqliteGrainStorage"/>.</summary>
public sealed class SqliteGrainStorageOptions : IStorageProviderSerializerOptions
{
    /// <summary>Turns states to bytes and back. Default: the silo's grain storage serializer.</summary>
    public IGrainStorageSerializer GrainStorageSerializer { get; set; } = null!;
}
