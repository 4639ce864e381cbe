using System.Security.Cryptography;
using Grains.Streams.Storage;

namespace Grains.Streams.Files;

/// <summary>Which files of a log are known, from the one that holds the committed position to the newest, and that position. Kept in one snapshot row.</summary>
/// <remarks>
/// Row: format (1 byte) | committed (8) | count (4) | generations of number, start, end, seen, modified (8 each) and identity | count (4) | identities of files to ignore.
/// Identity: device, inode (8 each) | length of the head (4) | its XxHash3 (8). All little-endian.
/// </remarks>
internal sealed class GenerationTable(IBatchedSnapshots storage, string key)
{
    private const byte Format = 1;
    private const int MaxIgnored = 16;

    private readonly long _writer = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));
    private readonly List<FileIdentity> _ignored = [];
    private long _version;
    private object? _tag;

    /// <summary>Everything below is done with.</summary>
    public long Committed { get; private set; } = new FilePosition(1, 0).Value;

    /// <summary>Those known, oldest first, without holes in their numbers.</summary>
    public List<Generation> Generations { get; } = [];

    public IReadOnlyCollection<FileIdentity> Ignored => _ignored;

    /// <summary>The number that the next file gets.</summary>
    public long NextNumber => Generations.Count > 0 ? Generations[^1].Number + 1 : FilePosition.Of(Committed).Generation;

    /// <summary>Reads the row. False where there is none.</summary>
    /// <exception cref="SourceException">The storage could not be asked, or the row is damaged.</exception>
    public async ValueTask<bool> LoadAsync(CancellationToken cancellationToken)
    {
        SnapshotRead read;
        try
        {
            read = await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SnapshotStorageException error)
        {
            throw new SourceException($"The positions of '{key}' cannot be read: {error.Message}", error);
        }

        (_version, _tag) = (read.Version, read.Tag);
        if (read.Version == 0) return false;

        try
        {
            Decode(read.Payload);
            return true;
        }
        catch (Exception error) when (error is IOException or FormatException)
        {
            throw new SourceException($"The positions of '{key}' in the storage cannot be understood: {error.Message} Run the program that wrote them, or remove that row to begin at the file's beginning.", error);
        }
    }

    /// <summary>Writes the row with the committed position given.</summary>
    /// <returns>False where the storage did not take it: it may be tried again.</returns>
    /// <exception cref="SourceException">Another process follows the same file.</exception>
    public async ValueTask<bool> SaveAsync(long committed, CancellationToken cancellationToken)
    {
        var payload = Encode(committed);
        var writes = new SnapshotWrite[] { new(key, _version, _writer, payload, _tag) };
        await storage.WriteAsync(writes, cancellationToken).ConfigureAwait(false);
        _tag = writes[0].Tag ?? _tag;
        var isWon = writes[0].Outcome switch
        {
            WriteOutcome.Won => true,
            WriteOutcome.NotWritten => false,
            _ => await IsOursAsync(payload, cancellationToken).ConfigureAwait(false),
        };
        if (!isWon) return false;

        _version = Math.Max(_version, writes[0].ExpectedVersion + 1);
        Committed = committed;
        return true;
    }

    /// <summary>Remembers a file as one not to be read.</summary>
    public void Ignore(FileIdentity identity)
    {
        if (identity.HeadLength == 0) return;
        if (_ignored.Count == MaxIgnored) _ignored.RemoveAt(0);
        _ignored.Add(identity);
    }

    /// <summary>Finds out whether a write has won that was not acknowledged, or one before it whose fate was unknown.</summary>
    private async ValueTask<bool> IsOursAsync(byte[] payload, CancellationToken cancellationToken)
    {
        SnapshotRead row;
        try
        {
            row = await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SnapshotStorageException)
        {
            return false;
        }

        if (row.Version == _version) return false;
        if (row.Version != _version + 1 || row.Writer != _writer)
        {
            throw new SourceException($"The positions of '{key}' were changed by another process: it follows the same file with the same storage. Stop one of the two.");
        }

        (_version, _tag) = (row.Version, row.Tag);
        return row.Payload.Span.SequenceEqual(payload);
    }

    private async ValueTask<SnapshotRead> ReadAsync(CancellationToken cancellationToken)
    {
        var reads = new SnapshotRead[] { new(key) };
        await storage.ReadAsync(reads, cancellationToken).ConfigureAwait(false);
        return reads[0];
    }

    private byte[] Encode(long committed)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Format);
        writer.Write(committed);
        writer.Write(Generations.Count);
        foreach (var generation in Generations)
        {
            writer.Write(generation.Number);
            writer.Write(generation.Start);
            // The newest may grow, though this reader may have been told to stop at its end.
            writer.Write(generation == Generations[^1] ? -1 : generation.End);
            writer.Write(generation.Seen);
            writer.Write(generation.Modified);
            Write(writer, generation.Identity);
        }

        writer.Write(_ignored.Count);
        foreach (var identity in _ignored) Write(writer, identity);
        writer.Flush();
        return bytes.ToArray();
    }

    private void Decode(ReadOnlyMemory<byte> payload)
    {
        using var reader = new BinaryReader(new MemoryStream(payload.ToArray()));
        if (reader.ReadByte() is not Format and var other) throw new FormatException($"Format {other} is not known.");

        Committed = reader.ReadInt64();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (number, start, end, seen, modified) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
            Generations.Add(new Generation(number, start, ReadIdentity(reader)) { End = end, Seen = seen, Modified = modified });
        }

        for (var count = reader.ReadInt32(); count > 0; count--) _ignored.Add(ReadIdentity(reader));
    }

    private static void Write(BinaryWriter writer, FileIdentity identity)
    {
        writer.Write(identity.Device);
        writer.Write(identity.Inode);
        writer.Write(identity.HeadLength);
        writer.Write(identity.HeadHash);
    }

    private static FileIdentity ReadIdentity(BinaryReader reader) => new(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadInt32(), reader.ReadUInt64());
}
