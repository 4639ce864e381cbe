using System.Security.Cryptography;
using HBase.Client;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Grains.Storage.HBase;

/// <summary>States of Orleans grains in an HBase table, each guarded by an ETag.</summary>
/// <remarks>
/// One row a state, family <c>s</c>: <c>e</c> the ETag, drawn anew at each write; <c>d</c> the state behind a byte 1, or nothing once it was cleared. A cleared state keeps its row and an ETag: a delete
/// marker would hide what is written after it where the clocks of servers differ. An answer that was lost is settled by reading the ETag back.
/// </remarks>
public sealed class HBaseGrainStorage : IGrainStorage
{
    private const string Kind = "grains";
    private const int ETagBytes = 16;
    private static readonly byte[] Family = "s"u8.ToArray();
    private static readonly byte[] ETagColumn = "e"u8.ToArray();
    private static readonly byte[] StateColumn = "d"u8.ToArray();

    private readonly HBaseDatabase _database;
    private readonly TableLayout _layout;
    private readonly IGrainStorageSerializer _serializer;
    private readonly IActivatorProvider _activators;

    /// <summary>Takes the table <c>namespace:name_grains</c>; it is made with the first call if absent.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="name">Letters, digits, <c>_</c>, <c>-</c> and <c>.</c></param>
    /// <param name="serializer">Turns states to bytes and back.</param>
    /// <param name="activators">Make the state of a grain that has none stored.</param>
    public HBaseGrainStorage(HBaseDatabase database, string name, IGrainStorageSerializer serializer, IActivatorProvider activators)
    {
        ArgumentNullException.ThrowIfNull(database);
        (_database, _serializer, _activators) = (database, serializer, activators);
        var options = database.Options;
        _layout = database.Announce(new TableLayout(database.Name(name, Kind), "s", TableLayout.EvenSplits(options.Regions), options.Compression, null));
    }

    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var table = await _database.ReadyAsync(_layout, CancellationToken.None).ConfigureAwait(false);
        var row = await table.GetAsync(new Get(Row(stateName, grainId)).Family(Family)).ConfigureAwait(false);
        var exists = row.TryGetValue(Family, StateColumn, out var state) && state.Length > 0;
        grainState.State = exists ? _serializer.Deserialize<T>(BinaryData.FromBytes(state[1..])) : NewState<T>();
        grainState.ETag = ETag(row);
        grainState.RecordExists = exists;
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        byte[] state = [1, .. _serializer.Serialize(grainState.State).ToMemory().Span];
        grainState.ETag = await ChangeAsync("Write", stateName, grainId, grainState.ETag, state).ConfigureAwait(false);
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.ETag = await ChangeAsync("Clear", stateName, grainId, grainState.ETag, []).ConfigureAwait(false);
        grainState.State = NewState<T>();
        grainState.RecordExists = false;
    }

    private async Task<string> ChangeAsync(string what, string stateName, GrainId grainId, string? expected, byte[] state)
    {
        var table = await _database.ReadyAsync(_layout, CancellationToken.None).ConfigureAwait(false);
        var row = Row(stateName, grainId);
        var etag = RandomNumberGenerator.GetBytes(ETagBytes);
        var put = new Put(row, 2).Add(Family, ETagColumn, etag).Add(Family, StateColumn, state);
        var check = string.IsNullOrEmpty(expected) ? CheckAndMutate.IfAbsent(row, Family, ETagColumn) : CheckAndMutate.IfEquals(row, Family, ETagColumn, Bytes(expected));
        try
        {
            if (await table.CheckAndMutateAsync(check.Then(put)).ConfigureAwait(false)) return Convert.ToHexStringLower(etag);
        }
        catch (HBaseException e) when (e.Failure == HBaseFailure.OutcomeUnknown)
        {
            var stored = ETag(await table.GetAsync(new Get(row).Column(Family, ETagColumn)).ConfigureAwait(false));
            if (stored == Convert.ToHexStringLower(etag)) return stored;

            // Still the old one: the write may yet come, and then its ETag is one that nobody has.
            if (stored == (string.IsNullOrEmpty(expected) ? null : expected)) throw;
        }

        var present = ETag(await table.GetAsync(new Get(row).Column(Family, ETagColumn)).ConfigureAwait(false));
        throw new InconsistentStateException($"{what} of state '{stateName}' of grain '{grainId}' in HBase table '{_layout.Name}' failed: it was changed meanwhile. Read it again.", present ?? "none", expected ?? "none");
    }

    private static byte[] Row(string stateName, GrainId grainId) => RowKey.Spread($"{grainId}/{stateName}");

    private static string? ETag(HBaseRow row) => row.TryGetValue(Family, ETagColumn, out var etag) && etag.Length > 0 ? Convert.ToHexStringLower(etag.Span) : null;

    // An ETag of another storage matches nothing.
    private static byte[] Bytes(string etag)
    {
        try
        {
            return Convert.FromHexString(etag);
        }
        catch (FormatException)
        {
            return HBaseBytes.Utf8(etag);
        }
    }

    private T NewState<T>() => _activators.GetActivator<T>().Create();
}
