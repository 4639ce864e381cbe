using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Grains.Abstractions;
using Grains.Courses;
using Grains.Streams;
using Grains.Streams.Cells;
using Grains.Streams.Pumps;
using Grains.Streams.Storage;
using Grains.Testing;
using Grains.Windows;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Grains.Tests.Unit.Courses;

/// <summary>What a course costs that hardly anybody visits: of a hundred thousand courses most are like that.</summary>
[Collection(nameof(CourseCostTests))]
[CollectionDefinition(nameof(CourseCostTests), DisableParallelization = true)]
public sealed class CourseCostTests : IDisposable
{
    private const int Courses = 10_000;
    private const int Rounds = 5;
    private const int MostBytesInMemory = 600;
    private const int MostBytesInRow = 150;
    private const uint Noon = 1_795_435_200;

    private readonly FakeTimeProvider _time = new();
    private readonly ForgetfulStorage _storage = new();
    private readonly CellHost<CourseState, CourseEvent> _host;
    private readonly SnapshotWriter<CourseState, CourseEvent> _writer;
    private readonly PartitionPump<CourseState, CourseEvent> _pump;
    private long _position = 1L << 40;

    public CourseCostTests()
    {
        var rules = new WindowRules(new CourseVocabulary(), new WindowSettings());
        _host = new CellHost<CourseState, CourseEvent>(_ => new CourseState(rules), () => 1, _storage, new MemoryHistory(), new CellOptions(), _time);
        _writer = new SnapshotWriter<CourseState, CourseEvent>(_host, _storage, new MemoryHistory(), new CellOptions(), new StreamMetrics(new Meters(), _time));
        _pump = new PartitionPump<CourseState, CourseEvent>(new PartitionId("file:0123456789abcdef", 0), new VisitDecoder(), _host, new OneSilo<CourseEvent>(), new RefusedLines());
    }

    public void Dispose()
    {
        _writer.Dispose();
        _host.Dispose();
    }

    [Theory]
    [InlineData(20)]
    [InlineData(600)]
    public async Task A_course_with_three_visits_takes_at_most_600_bytes_in_memory_and_150_in_its_row(uint secondsBetweenVisits)
    {
        // As many before, so that what poll and snapshot use again and again is as large as it gets.
        await VisitAsync(0, Courses, secondsBetweenVisits);
        var bytes = new List<long>();
        for (var round = 1; round <= Rounds; round++)
        {
            // A pump may forget a key that has nothing under way at any time; what is left is the course's.
            _pump.ForgetSettledKeys();
            var before = Heap.SettledBytes();
            await VisitAsync(round * Courses, Courses, secondsBetweenVisits);
            _pump.ForgetSettledKeys();
            bytes.Add((Heap.SettledBytes() - before) / Courses);
        }

        // The middle one, since what other tests left behind may go at any moment.
        Assert.True(bytes.Order().ElementAt(Rounds / 2) <= MostBytesInMemory, $"A course takes {string.Join(", ", bytes)} bytes: its cell and its windows.");
        Assert.Equal((Rounds + 1) * Courses, _host.Count);
        Assert.InRange(_storage.LongestRow, 1, MostBytesInRow);
    }

    [Fact]
    public void Counting_again_in_known_courses_allocates_nothing_a_chunk()
    {
        var record = new byte[sizeof(uint) + CourseId.MaxBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(record, Noon);
        var allocated = Enumerable.Range(0, Rounds).Select(_ => Visit()).Min();

        // A batch may cost an object, a chunk none.
        Assert.InRange(allocated, 0, 100);

        long Visit()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var course = 0; course < Courses; course++)
            {
                course.TryFormat(record.AsSpan(sizeof(uint)), out var digits, default, CultureInfo.InvariantCulture);
                _pump.Record(_position++, record.AsSpan(0, sizeof(uint) + digits));
            }

            var delivered = _pump.DeliverAsync(TestContext.Current.CancellationToken);
            Assert.True(delivered.IsCompletedSuccessfully && delivered.Result);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    // Three visits of each course, in rounds, each of which becomes durable.
    private async Task VisitAsync(int first, int count, uint secondsBetweenVisits)
    {
        var record = new byte[sizeof(uint) + CourseId.MaxBytes];
        for (var visit = 0U; visit < 3; visit++)
        {
            for (var course = first; course < first + count; course++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(record, Noon + (visit * secondsBetweenVisits));
                var length = Encoding.ASCII.GetBytes(course.ToString(CultureInfo.InvariantCulture), record.AsSpan(sizeof(uint)));
                _pump.Record(_position++, record.AsSpan(0, sizeof(uint) + length));
                if (course % 1000 == 0) Assert.True(await _pump.DeliverAsync(TestContext.Current.CancellationToken));
            }

            Assert.True(await _pump.DeliverAsync(TestContext.Current.CancellationToken));
            await _writer.WriteRoundAsync(TestContext.Current.CancellationToken);
            await _pump.SettleAsync(TestContext.Current.CancellationToken);
        }
    }

    // Takes every row, and keeps none of it in this process's memory.
    private sealed class ForgetfulStorage : IBatchedSnapshots
    {
        public int LongestRow { get; private set; }

        public ValueTask ReadAsync(Memory<SnapshotRead> reads, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask WriteAsync(Memory<SnapshotWrite> writes, CancellationToken cancellationToken)
        {
            foreach (ref var write in writes.Span)
            {
                LongestRow = Math.Max(LongestRow, write.Payload.Length);
                write.Outcome = WriteOutcome.Won;
            }

            return ValueTask.CompletedTask;
        }

        public IAsyncEnumerable<SnapshotRow> ScanAsync(CancellationToken cancellationToken) => throw new NotSupportedException("It keeps nothing.");
    }

    // Visits by three different browsers from three regions and sources, chosen by the time.
    private sealed class VisitDecoder : IRecordDecoder<CourseEvent>
    {
        public RecordVerdict Decode(ReadOnlySpan<byte> record, out ReadOnlySpan<byte> key, out CourseEvent decoded)
        {
            var time = BinaryPrimitives.ReadUInt32LittleEndian(record);
            var kind = (ushort)((time - Noon) % 7);
            key = record[sizeof(uint)..];
            decoded = new CourseEvent(time, 0, (ushort)(100 + kind), (ushort)(1 + kind));
            return RecordVerdict.Kept;
        }

        public string ReasonName(byte reason) => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Every visit is kept.");
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
