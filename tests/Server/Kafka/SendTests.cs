using System.Globalization;
using System.IO.Compression;
using System.Text;
using Confluent.Kafka;
using Grains.Cli;
using Xunit;

namespace Grains.Tests.Server.Kafka;

/// <summary><c>grains send</c> and <c>grains doctor</c> at a real broker.</summary>
public sealed class SendTests(KafkaServer kafka) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grains-send-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_arrives_is_what_the_files_say()
    {
        var topic = await kafka.NewTopicAsync(1);
        var lines = Enumerable.Range(0, 3000).Select(number => $"{number} é {new string('x', number % 90)}").ToArray();
        await File.WriteAllTextAsync(Path("plain.log"), string.Join('\n', lines[..1000]));
        await using (var packed = new GZipStream(File.Create(Path("packed.log.gz")), CompressionMode.Compress)) await packed.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines[1000..2000].Select(line => line + "\r\n"))));
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(lines[2000..].Select(line => line + "\n"))));

        var (exitCode, told) = await RunAsync(input, "send", Path("plain.log"), Path("packed.log.gz"), "-", "--kafka", kafka.Bootstrap, "--topic", topic);

        Assert.Equal(ExitCode.Success, exitCode);
        var bytes = lines.Sum(line => Encoding.UTF8.GetByteCount(line));
        Assert.StartsWith($"3,000 lines, {bytes / 1000} kB, ", told, StringComparison.Ordinal);
        Assert.EndsWith($"to '{topic}'\n", told, StringComparison.Ordinal);
        var records = Read(topic, 3000);
        Assert.Equal(lines, records.Select(record => Encoding.UTF8.GetString(record.Message.Value)));
        Assert.All(records, record => Assert.Null(record.Message.Key));
    }

    [Fact]
    public async Task Lines_of_a_course_are_in_one_partition_in_their_order()
    {
        var topic = await kafka.NewTopicAsync(8);
        var lines = Enumerable.Range(0, 400).Select(number => $"1.2.3.4 - - [10/Oct/2025:13:55:36 +0000] \"GET /class/{number % 40}.html?n={number} HTTP/1.1\" 200 2326 \"-\" \"Mozilla/5.0\"").ToList();
        lines.Add("no course");
        await File.WriteAllLinesAsync(Path("a.log"), lines);

        var (exitCode, _) = await RunAsync(null, "send", Path("a.log"), "--kafka", kafka.Bootstrap, "--topic", topic, "--key", "course");

        Assert.Equal(ExitCode.Success, exitCode);
        var records = Read(topic, 401);
        var courses = records.Where(record => record.Message.Key is not null).GroupBy(record => Encoding.UTF8.GetString(record.Message.Key)).ToList();
        Assert.Equal(40, courses.Count);
        foreach (var course in courses)
        {
            Assert.Single(course.Select(record => record.Partition.Value).Distinct());
            Assert.Equal(
                lines.Where(line => line.Contains($"/class/{course.Key}.html", StringComparison.Ordinal)), course.OrderBy(record => record.Offset.Value).Select(record => Encoding.UTF8.GetString(record.Message.Value)));
        }

        Assert.Equal("no course", Encoding.UTF8.GetString(Assert.Single(records, record => record.Message.Key is null).Message.Value));
        Assert.True(records.Select(record => record.Partition.Value).Distinct().Count() > 4);
    }

    [Fact]
    public async Task Stopped_in_the_middle_it_says_how_many_lines_are_kept_and_so_many_are_there()
    {
        var topic = await kafka.NewTopicAsync(1);
        using var stop = new CancellationTokenSource();
        using var input = new EndlessLines(after: 20_000, stop.Cancel);

        var (exitCode, told) = await RunAsync(input, stop.Token, "send", "-", "--kafka", kafka.Bootstrap, "--topic", topic);

        Assert.Equal(ExitCode.Stopped, exitCode);
        Assert.StartsWith("Stopped: ", told, StringComparison.Ordinal);
        var kept = int.Parse(told["Stopped: ".Length..told.IndexOf(" lines", StringComparison.Ordinal)], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        Assert.True(kept >= 10_000, told);
        Assert.Equal(Enumerable.Range(0, kept).Select(number => $"{number:00000000}"), Read(topic, kept).Select(record => Encoding.UTF8.GetString(record.Message.Value)));
        using var consumer = Consumer();
        Assert.Equal(kept, consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), TimeSpan.FromSeconds(10)).High.Value);
    }

    [Fact]
    public async Task A_packed_file_that_was_cut_off_is_an_error_that_says_what_is_kept()
    {
        var topic = await kafka.NewTopicAsync(1);
        await using (var packed = new GZipStream(File.Create(Path("whole.gz")), CompressionMode.Compress)) await packed.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(number => $"{number * 7919L % 1_000_003}\n"))));
        var whole = await File.ReadAllBytesAsync(Path("whole.gz"));
        await File.WriteAllBytesAsync(Path("cut.gz"), whole[..^20]);

        var (exitCode, told) = await RunAsync(null, "send", Path("cut.gz"), "--kafka", kafka.Bootstrap, "--topic", topic);

        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("cut.gz cannot be read to its end: ", told, StringComparison.Ordinal);
        Assert.Contains(" lines are kept by the brokers; sending it again doubles its lines.", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_that_is_not_there_is_told_with_what_to_do()
    {
        using var input = new MemoryStream("line\n"u8.ToArray());
        var (exitCode, told) = await RunAsync(input, "send", "-", "--kafka", kafka.Bootstrap, "--topic", "no-such-topic");

        Assert.Equal(ExitCode.Unreachable, exitCode);
        Assert.StartsWith("grains: There is no 'no-such-topic'. ", told, StringComparison.Ordinal);
        Assert.Contains("kafka-topics --create --topic no-such-topic", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_finds_a_topic_well_and_names_a_fault()
    {
        var topic = await kafka.NewTopicAsync(2);
        using var output = new MemoryStream();
        var (exitCode, _) = await RunAsync(null, output, default, "doctor", "--kafka", kafka.Bootstrap, "--topic", topic, "--group", topic);

        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Equal(["ok\tbrokers", "ok\ttopic", "ok\tgroup", "ok\toffsets", "ok\toffsets"], lines.Select(line => string.Join('\t', line.Split('\t')[..2])));

        output.SetLength(0);
        (exitCode, _) = await RunAsync(null, output, default, "doctor", "--kafka", kafka.Bootstrap, "--topic", "no-such-topic");
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("fail\ttopic\tThere is no 'no-such-topic'\tNobody has made it yet, or its name is another.\tMake it: ", Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Told)> RunAsync(Stream? input, params string[] arguments) => RunAsync(input, CancellationToken.None, arguments);

    private static Task<(int ExitCode, string Told)> RunAsync(Stream? input, CancellationToken stop, params string[] arguments) => RunAsync(input, new MemoryStream(), stop, arguments);

    private static async Task<(int ExitCode, string Told)> RunAsync(Stream? input, MemoryStream output, CancellationToken stop, params string[] arguments)
    {
        await using var error = new StringWriter { NewLine = "\n" };
        var exitCode = await GrainsCommand.RunAsync(arguments, new Surroundings(output, error, IsTerminal: false, Server: null, Input: input), stop);
        TestContext.Current.TestOutputHelper?.WriteLine(error.ToString());
        return (exitCode, error.ToString());
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private List<ConsumeResult<byte[], byte[]>> Read(string topic, int records)
    {
        using var consumer = Consumer();
        consumer.Assign(kafka.Partitions(topic).Select(partition => new TopicPartitionOffset(partition, 0)));
        var read = new List<ConsumeResult<byte[], byte[]>>();
        while (read.Count < records && consumer.Consume(TimeSpan.FromSeconds(20)) is { } result) read.Add(result);
        return read;
    }

    private IConsumer<byte[], byte[]> Consumer() => new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = kafka.Bootstrap, GroupId = "reader", EnableAutoCommit = false }).Build();

    /// <summary>Numbered lines of eight digits without end; calls back when so many were read.</summary>
    private sealed class EndlessLines(int after, Action reached) : MemoryStream
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var lines = string.Concat(Enumerable.Range(_next, 500).Select(number => $"{number:00000000}\n"));
            _next += 500;
            if (_next == after) reached();
            Encoding.ASCII.GetBytes(lines).CopyTo(buffer);
            return ValueTask.FromResult(lines.Length);
        }
    }
}
