using Google.Protobuf;
using Grains.Testing.HBase.Protocol;
using HBase.Client;
using HBase.Client.Protocol;
using HBase.Client.Regions;
using Xunit;

namespace Grains.Tests.Unit.HBase;

/// <summary>The hand-written messages, read back by Google.Protobuf.</summary>
public sealed class RequestEncoderTests
{
    private static readonly RegionLocation Region = new("t", "t,a,1."u8.ToArray(), "a"u8.ToArray(), [], new HBaseEndpoint("h", 1));

    [Fact]
    public void A_get_says_row_columns_filter_times_versions_and_no_caching()
    {
        var get = new Get("row") { MaxVersions = 3, TimeRange = (5, 9), CacheBlocks = false, Filter = HBaseFilter.ColumnPrefix("p"u8.ToArray()) };
        get.Family("g"u8).Column("f", "a").Column("f", "b");
        var call = new GetCall { };
        call.Set(get, existenceOnly: true);
        call.Region = Region;

        var read = GetRequest.Parser.ParseFrom(Encode(call.WriteMessage));

        Assert.Equal("t,a,1.", read.Region.Value.ToStringUtf8());
        Assert.Equal(RegionSpecifier.Types.Kind.RegionName, read.Region.Type);
        Assert.Equal("row", read.Get.Row.ToStringUtf8());
        Assert.Equal(["g/", "f/a,b"], read.Get.Column.Select(static c => $"{c.Family.ToStringUtf8()}/{string.Join(',', c.Qualifier.Select(static q => q.ToStringUtf8()))}"));
        Assert.Equal("org.apache.hadoop.hbase.filter.ColumnPrefixFilter", read.Get.Filter.Name);
        Assert.Equal("\n\u0001p", read.Get.Filter.SerializedFilter.ToStringUtf8());
        Assert.Equal((5UL, 9UL), (read.Get.TimeRange.From, read.Get.TimeRange.To));
        Assert.Equal(3U, read.Get.MaxVersions);
        Assert.False(read.Get.CacheBlocks);
        Assert.True(read.Get.ExistenceOnly);
    }

    [Fact]
    public void A_put_groups_neighbours_of_one_family_and_keeps_empty_values()
    {
        var put = new Put("row") { Durability = Durability.SyncLog, TimeToLive = TimeSpan.FromSeconds(1) };
        put.Add("f", "a", "1").Add("f", "", "").Add("g", "b", new byte[300]).Add("f"u8.ToArray(), "late"u8.ToArray(), "x"u8.ToArray(), timestamp: 7);

        var read = Mutate(put, null, default).Mutation;

        Assert.Equal(MutationProto.Types.MutationType.Put, read.MutateType);
        Assert.Equal(["f:a=1 f:=0", "g:b=300", "f:late=1@7"], read.ColumnValue.Select(static family => string.Join(' ', family.QualifierValue.Select(q =>
            $"{family.Family.ToStringUtf8()}:{q.Qualifier.ToStringUtf8()}={(q.Value.Length == 1 && !q.HasTimestamp ? q.Value.ToStringUtf8() : q.Value.Length)}{(q.HasTimestamp ? $"@{q.Timestamp}" : "")}"))));
        Assert.True(read.ColumnValue[0].QualifierValue[1].HasValue);
        Assert.Equal(3U, read.Durability);
        Assert.Equal("_ttl", read.Attribute[0].Name);
        Assert.Equal(1000, HBaseBytes.ToInt64(read.Attribute[0].Value.Span));
        Assert.False(read.HasNonce);
    }

    [Fact]
    public void Deletes_say_what_kind_they_are_and_have_no_values()
    {
        var delete = new Delete("row").Column("f", "a").ColumnVersion("f"u8.ToArray(), "b"u8.ToArray(), 4).Family("g"u8.ToArray()).FamilyVersion("h"u8.ToArray(), 9);

        var read = Mutate(delete, null, default).Mutation;

        Assert.Equal([1U, 0U, 2U, 3U], read.ColumnValue.SelectMany(static family => family.QualifierValue).Select(static q => q.DeleteType));
        Assert.DoesNotContain(read.ColumnValue.SelectMany(static family => family.QualifierValue), static q => q.HasValue);
        Assert.Equal(5UL, Mutate(new Delete("row") { Timestamp = 5 }, null, default).Mutation.Timestamp);
        Assert.Empty(Mutate(new Delete("row"), null, default).Mutation.ColumnValue);
    }

    [Fact]
    public void An_increment_carries_its_nonce()
    {
        var read = Mutate(new Increment("row").Add("f", "n", -2), null, new Nonce(11, 12));

        Assert.Equal((11UL, 12UL), (read.NonceGroup, read.Mutation.Nonce));
        Assert.True(read.Mutation.HasMutateType);
        Assert.Equal(-2, HBaseBytes.ToInt64(read.Mutation.ColumnValue[0].QualifierValue[0].Value.Span));
        Assert.True(Mutate(new Append("row"u8.ToArray()).Add("f"u8.ToArray(), default, "x"u8.ToArray()), null, new Nonce(1, 1)).Mutation is { HasMutateType: true, MutateType: MutationProto.Types.MutationType.Append });
    }

    [Fact]
    public void A_condition_compares_with_a_binary_comparator()
    {
        var check = CheckAndMutate.If("row"u8.ToArray(), "f"u8.ToArray(), default, CompareOperator.Less, "v"u8.ToArray()).Then(new Put("row").Add("f", "q", "x"));

        var read = Mutate(check.Mutation!, check, default).Condition;

        Assert.Equal(("row", "f", 0U), (read.Row.ToStringUtf8(), read.Family.ToStringUtf8(), read.CompareType));
        Assert.True(read is { HasQualifier: true, HasCompareType: true });
        Assert.Equal("org.apache.hadoop.hbase.filter.BinaryComparator", read.Comparator.Name);
        Assert.Equal(new byte[] { 10, 3, 10, 1, (byte)'v' }, read.Comparator.SerializedComparator.ToByteArray());
    }

    [Fact]
    public void Ten_thousand_columns_and_a_large_value_survive_the_guessed_lengths()
    {
        var put = new Put("wide");
        for (var i = 0; i < 10_000; i++) put.Add("f", $"column {i}", $"{i}");
        put.Add("g", "big", new byte[3_000_000]);

        var read = Mutate(put, null, default).Mutation;

        Assert.Equal(10_000, read.ColumnValue[0].QualifierValue.Count);
        Assert.Equal("9999", read.ColumnValue[0].QualifierValue[9999].Value.ToStringUtf8());
        Assert.Equal(3_000_000, read.ColumnValue[1].QualifierValue[0].Value.Length);
    }

    [Fact]
    public void A_batch_groups_plain_operations_and_keeps_conditional_ones_apart()
    {
        RowOperation[] operations =
        [
            new Put("a").Add("f", "q", "1"),
            CheckAndMutate.IfAbsent("b"u8.ToArray(), "f"u8.ToArray(), "q"u8.ToArray()).Then(new Put("b").Add("f", "q", "2")),
            new Get("c"),
            new RowMutations("d"u8.ToArray()).Add(new Put("d").Add("f", "q", "3")).Add(new Delete("d").Column("f", "r")),
        ];
        var items = Array.ConvertAll(operations, static operation => new BatchItem(operation, default));
        var group = new RegionActions(Region, IsGroup: true) { Items = { 0, 2 } };

        var read = MultiRequest.Parser.ParseFrom(Encode(new MultiCall([group, Single(1), Single(3)], items, 5).WriteMessage));

        Assert.Equal([2, 1, 2], read.RegionAction.Select(static action => action.Action.Count));
        Assert.Equal([false, true, true], read.RegionAction.Select(static action => action.Atomic));
        Assert.Equal(["a", "c"], [read.RegionAction[0].Action[0].Mutation.Row.ToStringUtf8(), read.RegionAction[0].Action[1].Get.Row.ToStringUtf8()]);
        Assert.Equal([0U, 1U], read.RegionAction[0].Action.Select(static action => action.Index));
        Assert.Equal("b", read.RegionAction[1].Condition.Row.ToStringUtf8());
        Assert.Null(read.RegionAction[2].Condition);

        static RegionActions Single(int index) => new(Region, IsGroup: false) { Items = { index } };
    }

    [Fact]
    public void A_scan_is_opened_with_its_range_and_continued_with_its_number()
    {
        var scan = new Scan { StopRow = "z"u8.ToArray(), IncludeStopRow = true, Reversed = true, ChunkBytes = 4096, ChunkRows = 9, CacheBlocks = false };
        var open = ScanRequest.Parser.ParseFrom(Encode(new ScanCall { Region = Region, Scan = scan.Family("f"u8), StartRow = "k"u8.ToArray(), MaxRows = 9, LimitRows = 20 }.WriteMessage));
        var next = ScanRequest.Parser.ParseFrom(Encode(new ScanCall { Region = Region, ScannerId = 77, Sequence = 0, MaxRows = 9 }.WriteMessage));

        Assert.Equal(("k", "z", false, true, true), (open.Scan.StartRow.ToStringUtf8(), open.Scan.StopRow.ToStringUtf8(), open.Scan.IncludeStartRow, open.Scan.IncludeStopRow, open.Scan.Reversed));
        Assert.Equal((4096UL, 9U, false, 20U), (open.Scan.MaxResultSize, open.Scan.Caching, open.Scan.CacheBlocks, open.LimitOfRows));
        Assert.True(open is { ClientHandlesPartials: true, ClientHandlesHeartbeats: true, HasNextCallSeq: false });
        Assert.True(next is { ScannerId: 77, HasNextCallSeq: true, NextCallSeq: 0, NumberOfRows: 9, Scan: null, Region: null });
    }

    [Theory]
    [InlineData(0, 127)]
    [InlineData(127, 0)]
    [InlineData(128, 127)]
    [InlineData(1, 20_000)]
    [InlineData(20_000, 1)]
    [InlineData(300, 16_384)]
    public void A_wrong_guess_of_a_length_moves_the_message(int guess, int length)
    {
        using var buffer = new FrameBuffer(16);
        var outer = buffer.Begin(1, guess);
        buffer.WriteBytes(2, new byte[length]);
        buffer.End(outer);
        buffer.WriteBool(9, true);

        var reader = new ProtoReader(buffer.Written.Span);
        Assert.True(reader.Next());
        var inner = new ProtoReader(reader.ReadBytes());
        Assert.True(inner.Next());
        Assert.Equal(length, inner.ReadBytes().Length);
        Assert.True(inner.AtEnd);
        Assert.True(reader.Next());
        Assert.Equal(9, reader.Field);
    }

    private static MutateRequest Mutate(Mutation mutation, CheckAndMutate? check, Nonce nonce)
    {
        var call = new MutateCall();
        call.Set(mutation, check, nonce);
        call.Region = Region;
        return MutateRequest.Parser.ParseFrom(Encode(call.WriteMessage));
    }

    private static ByteString Encode(Action<FrameBuffer> write)
    {
        using var buffer = new FrameBuffer(32);
        write(buffer);
        return ByteString.CopyFrom(buffer.Written.Span);
    }
}
