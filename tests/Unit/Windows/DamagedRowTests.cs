using System.Buffers.Binary;
using System.IO.Hashing;
using Grains.Abstractions;
using Grains.Windows;
using Xunit;

namespace Grains.Tests.Unit.Windows;

public sealed class DamagedRowTests
{
    private static readonly CourseVocabulary Vocabulary = new();
    private static readonly byte[] Snapshot = CourseWithAll().Saved().Row;
    private static readonly ClosedBlock History = Course.With(new CourseVocabulary(), Course.ChromeInChina, Course.ChromeInChina with { Time = Course.Start + 720 }).Saved().Closed[0];

    [Fact]
    public void A_whole_row_is_taken()
    {
        Load(Snapshot);
        Restore(History.Row.ToArray());
    }

    [Fact]
    public void A_row_with_any_one_byte_changed_is_refused()
    {
        EachByteChanged(Snapshot, row => Assert.Throws<FormatException>(() => Load(row)));
        EachByteChanged(History.Row.ToArray(), row => Assert.Throws<FormatException>(() => Restore(row)));
    }

    [Fact]
    public void A_row_that_is_cut_short_or_longer_is_refused()
    {
        for (var length = 0; length < Snapshot.Length; length++) Assert.Throws<FormatException>(() => Load(Snapshot[..length]));
        for (var length = 1; length < History.Row.Length; length++) Assert.Throws<FormatException>(() => Restore(History.Row[..length].ToArray()));
        Assert.Throws<FormatException>(() => Load([.. Snapshot, 0]));
        Assert.Throws<FormatException>(() => Restore([.. History.Row.ToArray(), 0]));
    }

    [Fact]
    public void A_row_of_a_later_format_is_refused()
    {
        var later = Snapshot.ToArray();
        later[0]++;
        Assert.Contains("format 0x22", Assert.Throws<FormatException>(() => Load(Signed(later))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_history_row_of_another_block_is_refused() =>
        Assert.Throws<FormatException>(() => Course.Load(Vocabulary, Snapshot).Restore(History.Block - 1, History.Row));

    [Fact]
    public void A_well_known_name_of_a_later_version_is_refused()
    {
        // names: none; minutes: the first, one view; one agent: browser 1,000, os 0, device 0, one view; one region; one source
        byte[] row = [0x11, 0, 1, 1, 1, 0xd0, 0x0f, 0, 0, 1, 1, 0, 1, 1, 0, 1, 0, 0, 0, 0];
        Assert.Contains("later version", Assert.Throws<FormatException>(() => Restore(Signed(row, (int)History.Block))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_forged_row_with_a_right_checksum_is_refused_or_keeps_its_sums()
    {
        EachByteChanged(Snapshot, row => LoadOrRefuse(Signed(row)), ends: 5);
        for (var seed = 0; seed < 100_000; seed++)
        {
            var random = new Random(seed);
            var row = Snapshot.ToArray();
            for (var changes = random.Next(1, 6); changes > 0; changes--) row[random.Next(5, row.Length - 4)] = (byte)random.Next(256);
            LoadOrRefuse(Signed(random.Next(3) == 0 ? row[..random.Next(5, row.Length)] : row));
        }
    }

    [Fact]
    public void A_forged_row_cannot_ask_for_more_memory_than_its_length_explains()
    {
        // A snapshot row of 10 MB whose every count says that there are more things than bytes.
        byte[] head = [0x21, 0, 0, 0, 0x69, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x07];
        var row = Signed([.. head, .. new byte[1000]]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<FormatException>(() => Load(row));
        var names = Signed([0x11, 0xff, 0xff, 0xff, 0xff, 0x07, .. new byte[1000]], (int)History.Block);
        Assert.Throws<FormatException>(() => Restore(names));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    private static CourseWindows CourseWithAll()
    {
        var vocabulary = new CourseVocabulary();
        var course = Course.New(vocabulary);
        var random = new Random(7);
        for (var block = 0u; block < 4; block++)
        {
            for (var i = 0u; i < 20; i++) course.Apply([NamedView.Draw(Course.Start + (600 * block) + (25 * i), random).In(vocabulary)]);
            if (block == 2) course.Sealed(course.Saved().Closed[0].Block);
        }

        return course;
    }

    private static void Load(byte[] row) => Course.Load(Vocabulary, row);

    /// <summary>Into a course that has this block in history alone.</summary>
    private static void Restore(byte[] row) => Course.Load(Vocabulary, Snapshot).Restore(History.Block, row);

    /// <summary>What is taken must be whole in itself: it can be written and read again, with as many views.</summary>
    private static void LoadOrRefuse(byte[] row)
    {
        CourseWindows course;
        try
        {
            course = Course.Load(Vocabulary, row);
        }
        catch (FormatException)
        {
            return;
        }

        var again = Course.Load(Vocabulary, course.Saved().Row);
        Assert.Equal(course.Views, again.Views);
    }

    private static void EachByteChanged(byte[] row, Action<byte[]> check, int ends = 0)
    {
        for (var at = ends; at < row.Length - ends; at++)
        {
            foreach (var flip in new byte[] { 1, 0x80, 0xff })
            {
                var changed = row.ToArray();
                changed[at] ^= flip;
                check(changed);
            }
        }
    }

    private static byte[] Signed(byte[] row, int seed = 0)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(row.AsSpan(^4..), XxHash32.HashToUInt32(row.AsSpan(..^4), seed));
        return row;
    }
}
