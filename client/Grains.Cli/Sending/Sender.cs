using System.Globalization;
using System.IO.Compression;
using Grains.Streams;
using Grains.Streams.Kafka;
using Grains.Weblog;

namespace Grains.Cli.Sending;

/// <summary>Sends files to a topic, says how far it is, and at the end what was kept.</summary>
internal sealed class Sender(Surroundings surroundings, KafkaStreamOptions options, bool byCourse) : IProgress<SendProgress>
{
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(10);

    private readonly long _began = TimeProvider.System.GetTimestamp();
    private long _keptBefore;
    private long _bytesBefore;
    private int _shown;

    public async Task<int> RunAsync(string[] files, CancellationToken cancellationToken)
    {
        foreach (var file in files) ThrowIfUnreadable(file);
        await ThrowIfNowhereAsync(cancellationToken).ConfigureAwait(false);
        using var sender = new KafkaLineSender(options, byCourse ? CourseOf(new CourseFinder(new WeblogOptions())) : null, TimeProvider.System);
        try
        {
            foreach (var file in files) await SendAsync(sender, file, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            var all = await sender.FlushAsync(FlushLimit).ConfigureAwait(false);
            Tell(all
                ? $"Stopped: {Words.Number(sender.Kept)} lines, the first of the files, are kept by the brokers; the others were not sent."
                : $"Stopped: at least {Words.Number(sender.Kept)} lines are kept by the brokers; of others that is not known.");
            return ExitCode.Stopped;
        }
        catch (SourceException failure)
        {
            throw new CommandFailure(ExitCode.Unreachable, Clear() + failure.Message, failure);
        }

        Tell($"{Summary(sender.Kept, _bytesBefore)} to '{options.Topic}'");
        return ExitCode.Success;
    }

    public void Report(SendProgress value)
    {
        if (!surroundings.ShowsProgress) return;

        var text = Summary(_keptBefore + value.Kept, _bytesBefore + value.Bytes);
        surroundings.Error.Write('\r' + text.PadRight(_shown));
        surroundings.Error.Flush();
        _shown = text.Length;
    }

    private async Task SendAsync(KafkaLineSender sender, string file, CancellationToken cancellationToken)
    {
        try
        {
            await using var lines = Open(file);
            var sent = await sender.SendAsync(lines, this, cancellationToken).ConfigureAwait(false);
            (_keptBefore, _bytesBefore) = (sender.Kept, _bytesBefore + sent.Bytes);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            await sender.FlushAsync(FlushLimit).ConfigureAwait(false);
            throw new CommandFailure(ExitCode.Usage, $"{Clear()}{file} cannot be read to its end: {failure.Message} {Words.Number(sender.Kept)} lines are kept by the brokers; sending it again doubles its lines.", failure);
        }
    }

    private static LineKey CourseOf(CourseFinder courses) => line => courses.Find(line) is { IsEmpty: false } course ? course.ToArray() : null;

    private Stream Open(string file)
    {
        if (file == "-") return surroundings.Input ?? Stream.Null;

        var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.SequentialScan);
        return file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(content, CompressionMode.Decompress) : content;
    }

    private void ThrowIfUnreadable(string file)
    {
        try
        {
            if (file != "-") using (Open(file)) return;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Usage, $"{file} cannot be read: {failure.Message} Nothing was sent.", failure);
        }
    }

    // Sending would wait a minute for brokers that are not there.
    private async Task ThrowIfNowhereAsync(CancellationToken cancellationToken)
    {
        var findings = await KafkaDoctor.ExamineTopicAsync(options, cancellationToken).ConfigureAwait(false);
        if (findings.FirstOrDefault(finding => finding.Severity == KafkaFindingSeverity.Fault) is { } fault)
        {
            throw new CommandFailure(ExitCode.Unreachable, $"{fault.Found}. {fault.Cause}\n{fault.Fix}");
        }
    }

    private string Summary(long kept, long bytes)
    {
        var seconds = Math.Max(0.001, TimeProvider.System.GetElapsedTime(_began).TotalSeconds);
        return string.Create(CultureInfo.InvariantCulture, $"{Words.Number(kept)} lines, {Words.Amount(bytes, "By")}, {Words.Number((long)(kept / seconds))} lines/s, {seconds:0.0} s");
    }

    private void Tell(string text) => surroundings.Error.WriteLine(Clear() + text);

    private string Clear()
    {
        var clear = _shown > 0 ? '\r' + new string(' ', _shown) + '\r' : "";
        _shown = 0;
        return clear;
    }
}
