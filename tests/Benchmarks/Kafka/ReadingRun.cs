using Grains.Streams;

namespace Grains.Benchmarks.Kafka;

/// <summary>Looks at a record.</summary>
internal delegate void RecordLook(ReadOnlySpan<byte> record);

/// <summary>Reads a partition to its end, looks at every byte of it once, and shows each record to somebody.</summary>
internal sealed class ReadingRun : PartitionRun, IRecordSink, IDisposable
{
    private const int PollBytes = 1 << 20;

    private readonly IPartitionSource _source;
    private readonly RecordLook _look;
    private readonly CancellationTokenSource _stop = new();

    public ReadingRun(IPartitionSource source, RecordLook look)
    {
        (_source, _look) = (source, look);
        Completion = Task.Run(RunAsync);
    }

    public long Records { get; private set; }

    public override Task Completion { get; }

    public override PartitionId? Partition => _source.Id;

    public override SourceLag Lag => _source.Lag;

    public override long Durable => 0;

    public override PumpReport Report() => PumpReport.Empty;

    public void Record(long position, ReadOnlySpan<byte> record)
    {
        if (record.IndexOf((byte)'\n') < 0) Records++;
        _look(record);
    }

    public void Dispose() => _stop.Dispose();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync()
    {
        try
        {
            await _source.OpenAsync(_stop.Token);
            while (_source.Read(this, PollBytes) > 0 || !await _source.WaitAsync(_stop.Token))
            {
            }
        }
        finally
        {
            await _source.DisposeAsync();
        }
    }
}
