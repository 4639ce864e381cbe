using Orleans.Storage;

namespace Grains.Storage.Postgres;

/// <summary>States of Orleans grains in a <see cref="PostgresDatabase"/>, each guarded by an ETag: Orleans' AdoNet provider, with keys and types that it keeps apart.</summary>
/// <remarks>
/// A row's <c>GrainTypeString</c> is <c>TYPE/STATE</c> and its <c>GrainIdExtensionString</c> the grain's key, whatever it looks like. A key with the character U+0000 cannot be stored: PostgreSQL has no such text.
/// </remarks>
public sealed class PostgresGrainStorage : IGrainStorage
{
    private readonly StateRows _rows;

    /// <summary>Takes the database's table; it is made with the first call if absent.</summary>
    /// <param name="database">The database.</param>
    /// <param name="serializer">Turns states to bytes and back; null for Orleans' binary format.</param>
    public PostgresGrainStorage(PostgresDatabase database, IGrainStorageSerializer? serializer = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        _rows = serializer is null ? database.Rows : new StateRows(database, serializer);
    }

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => _rows.ReadAsync(RowType(grainId.Type.ToString()!, stateName), grainId.Key.ToString()!, 0, grainState);

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => _rows.WriteAsync(RowType(grainId.Type.ToString()!, stateName), grainId.Key.ToString()!, 0, grainState);

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => _rows.ClearAsync(RowType(grainId.Type.ToString()!, stateName), grainId.Key.ToString()!, 0, grainState);

    internal static string RowType(string grainType, string stateName) => $"{grainType}/{stateName}";
}
