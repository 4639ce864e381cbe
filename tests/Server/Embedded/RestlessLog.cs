namespace Grains.Tests.Server.Embedded;

/// <summary>Writes a log as restless servers do: in pieces that end in the middle of a line, rotated by name, or written anew in place once it has been read.</summary>
internal sealed class RestlessLog(string path, Random random, SiloApi api)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private const int Lives = 12;

    private long _records;

    /// <summary>Writes the whole workload.</summary>
    /// <returns>How many lines were written.</returns>
    public async Task<long> WriteAsync(Workload workload, CancellationToken cancellationToken)
    {
        var life = 0;
        foreach (var lines in workload.SplitLines().Chunk((workload.SplitLines().Count() / Lives) + 1))
        {
            if (life > 0) await BeginAnewAsync(life);
            await AppendAsync(lines, cancellationToken);
            life++;
        }

        return _records;
    }

    private async Task BeginAnewAsync(int life)
    {
        if (life % 3 != 0)
        {
            File.Move(path, $"{path}.{Lives - life}");
            return;
        }

        // What is truncated before anybody has read it is lost to every reader: so it waits.
        await api.WaitUntilReadAsync(_records, Limit);
        File.WriteAllBytes(path, []);
    }

    private async Task AppendAsync(ReadOnlyMemory<byte>[] lines, CancellationToken cancellationToken)
    {
        await using var log = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using var piece = new MemoryStream();
        foreach (var line in lines)
        {
            piece.Write(line.Span);
            piece.WriteByte((byte)'\n');
            _records++;
            if (piece.Length < random.Next(1_000, 2_000_000)) continue;

            // Up to the middle of a line, then the rest.
            var half = (int)piece.Length - random.Next(1, 100);
            await log.WriteAsync(piece.GetBuffer().AsMemory(0, half), cancellationToken);
            if (random.Next(4) == 0) await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 60)), TimeProvider.System, cancellationToken);
            await log.WriteAsync(piece.GetBuffer().AsMemory(half, (int)piece.Length - half), cancellationToken);
            piece.SetLength(0);
        }

        await log.WriteAsync(piece.GetBuffer().AsMemory(0, (int)piece.Length), cancellationToken);
    }
}
