using Grains.Streams.Storage;

namespace Grains.Storage.Postgres;

/// <summary>One row of a listing.</summary>
internal sealed record ListedRow(string Key, long Number, StoredSnapshot State);
