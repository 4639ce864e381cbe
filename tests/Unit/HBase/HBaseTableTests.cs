using System.Text;
using Grains.Testing.HBase;
using HBase.Client;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Grains.Tests.Unit.HBase;

/// <summary>Operations against the fake cluster, well and with everything that goes wrong on the way.</summary>
public sealed class HBaseTableTests : IAsyncDisposable
{
    private const string Package = "org.apache.hadoop.hbase.";
    private static readonly byte[] F = "f"u8.ToArray();
    private static readonly byte[] Q = "q"u8.ToArray();

    private readonly FakeCluster _cluster = new(servers: 3);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly HBaseClient _client;
    private readonly HBaseTable _table;

    public HBaseTableTests()
    {
        _cluster.CreateTable("t", ["f", "g"], "h", "p");
        _client = new HBaseClient(new HBaseClientOptions { Masters = _cluster.Masters, CallTimeout = TimeSpan.FromSeconds(10) }, _time);
        _table = _client.GetTable("t");
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_put_is_read_with_cells_behind_the_message_or_in_it(bool inline)
    {
        _cluster.InlineCells = inline;
        await _table.PutAsync(new Put("k").Add("f", "q", "value").Add("g", "", ""));

        var row = await _table.GetAsync(new Get("k"));

        Assert.Equal(["k/f:q=value", "k/g:="], Texts(row));
        Assert.True(row.TryGetValue("g"u8, ""u8, out var empty));
        Assert.Equal(0, empty.Length);
        Assert.False(row.TryGetValue("g"u8, "q"u8, out _));
        Assert.True((await _table.GetAsync(new Get("nothing"))).IsEmpty);
        Assert.True(await _table.ExistsAsync(new Get("k")));
        Assert.False(await _table.ExistsAsync(new Get("nothing")));
    }

    [Fact]
    public async Task Deletes_increments_and_appends_do_what_they_say()
    {
        await _table.PutAsync(new Put("k").Add("f", "q", "a").Add("f", "r", "b"));
        await _table.DeleteAsync(new Delete("k").Column("f", "r"));
        var appended = await _table.AppendAsync(new Append("k").Add(F, Q, "z"u8.ToArray()));
        await _table.IncrementAsync(new Increment("k").Add("f", "n", 5));
        var counted = await _table.IncrementAsync(new Increment("k").Add("f", "n", -2));
        await _table.MutateRowAsync(new RowMutations("k"u8.ToArray()).Add(new Delete("k").Column("f", "q")).Add(new Put("k").Add("g", "x", "y")));

        Assert.Equal(["k/f:q=az"], Texts(appended));
        Assert.True(counted.TryGetValue("f"u8, "n"u8, out var n));
        Assert.Equal(3, HBaseBytes.ToInt64(n.Span));
        Assert.Equal(["n", "x"], Cells(await _table.GetAsync(new Get("k"))).Select(static cell => Encoding.UTF8.GetString(cell.Qualifier.Span)));
    }

    [Fact]
    public async Task A_condition_that_holds_mutates_and_one_that_does_not_changes_nothing()
    {
        Assert.True(await _table.CheckAndMutateAsync(CheckAndMutate.IfAbsent("k"u8.ToArray(), F, Q).Then(Put("k", "1"))));
        Assert.False(await _table.CheckAndMutateAsync(CheckAndMutate.IfAbsent("k"u8.ToArray(), F, Q).Then(Put("k", "2"))));
        Assert.True(await _table.CheckAndMutateAsync(CheckAndMutate.IfEquals("k"u8.ToArray(), F, Q, "1"u8.ToArray()).Then(new RowMutations("k"u8.ToArray()).Add(Put("k", "3")))));

        Assert.Equal("3", Stored("k"));
    }

    [Fact]
    public async Task A_region_that_moved_is_followed_at_once_and_only_asked_about_once()
    {
        await _table.PutAsync(Put("k", "1"));
        var before = _cluster.Requests.Count;
        _cluster.Move("t", "k", server: 2);

        await _table.PutAsync(Put("k", "2"));
        await _table.PutAsync(Put("k", "3"));

        Assert.Equal([(1, "Mutate"), (2, "Mutate"), (2, "Mutate")], _cluster.Requests.Skip(before).Select(static request => (request.Server, request.Method)));
    }

    [Fact]
    public async Task Servers_that_remember_old_moves_do_not_send_a_call_round_in_a_ring()
    {
        foreach (var server in (int[])[2, 1, 2, 1])
        {
            await _table.PutAsync(Put("k", "1"));
            _cluster.Move("t", "k", server);
        }

        await _table.PutAsync(Put("k", "2"));
        var before = _cluster.Requests.Count;
        _cluster.Split("t", "j", upperServer: 0);

        await _time.DriveAsync(_table.PutAsync(Put("k", "3")).AsTask());

        // Server 1 knows that the region once went to 2, which is older than that it came back.
        Assert.Equal([(1, "Mutate"), (0, "Scan"), (0, "Mutate")], _cluster.Requests.Skip(before).Select(static request => (request.Server, request.Method)));
        Assert.Equal("3", Stored("k"));
    }

    [Fact]
    public async Task A_split_is_found_by_reading_meta_again()
    {
        await _table.PutAsync(Put("k", "1"));
        _cluster.Split("t", "j", upperServer: 2);

        await _time.DriveAsync(_table.PutAsync(Put("k", "2")).AsTask());
        await _time.DriveAsync(_table.PutAsync(Put("i", "3")).AsTask());

        Assert.Equal(("2", "3"), (Stored("k"), Stored("i")));
        Assert.Equal(2, _cluster.Requests.Last(static request => request.IsData && request.Server == 2).Server);
    }

    [Theory]
    [InlineData("RegionTooBusyException")]
    [InlineData("CallQueueTooBigException")]
    [InlineData("NotServingRegionException")]
    [InlineData("RetryImmediatelyException")]
    [InlineData("quotas.RpcThrottlingException")]
    public async Task A_call_refused_for_the_moment_is_repeated(string javaClass)
    {
        FailData(2, FakeFault.Throw(Package + javaClass, "wait 1sec, 200ms"));

        await _time.DriveAsync(_table.PutAsync(Put("k", "1")).AsTask());

        Assert.Equal("1", Stored("k"));
        Assert.Equal(3, _cluster.Requests.Count(static request => request.IsData));
    }

    [Fact]
    public async Task A_call_that_is_wrong_is_not_repeated_and_says_why()
    {
        var error = await Assert.ThrowsAsync<HBaseException>(() => _table.PutAsync(new Put("k").Add("nothere", "q", "x")).AsTask());

        Assert.Equal((HBaseFailure.Rejected, Package + "regionserver.NoSuchColumnFamilyException"), (error.Failure, error.RemoteClass));
        Assert.Equal(
            $"Put on 't' row 'k' failed on {_cluster.Endpoint(1)} after 1 attempt: NoSuchColumnFamilyException: Column family nothere does not exist. Repeating it is of no use.", error.Message);
    }

    [Fact]
    public async Task A_table_that_does_not_exist_is_named()
    {
        var error = await Assert.ThrowsAsync<HBaseException>(() => _client.GetTable("u").GetAsync(new Get("k")).AsTask());

        Assert.Equal(HBaseFailure.TableUnavailable, error.Failure);
        Assert.Contains("Table 'u' does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stays_busy_ends_the_call_at_its_deadline()
    {
        FailData(int.MaxValue, FakeFault.Throw(Package + "RegionTooBusyException"));
        var started = _time.GetTimestamp();

        var error = await Assert.ThrowsAsync<HBaseException>(() => _time.DriveAsync(_table.PutAsync(Put("k", "1")).AsTask()));

        Assert.Equal(HBaseFailure.ServerBusy, error.Failure);
        Assert.InRange(_time.GetElapsedTime(started).TotalSeconds, 20, 31);
        Assert.Null(Stored("k"));
    }

    [Fact]
    public async Task A_dropped_read_times_out_and_is_repeated()
    {
        await _table.PutAsync(Put("k", "1"));
        FailData(1, FakeFault.LoseRequest());

        Assert.Equal(["k/f:q=1"], Texts(await _time.DriveAsync(_table.GetAsync(new Get("k")).AsTask())));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_put_whose_answer_was_lost_is_repeated(bool byClosing)
    {
        FailData(1, byClosing ? FakeFault.CloseAfter() : FakeFault.LoseReply());

        await _time.DriveAsync(_table.PutAsync(Put("k", "1")).AsTask());

        Assert.Equal(2, _cluster.Requests.Count(static request => request.IsData));
    }

    [Fact]
    public async Task A_write_that_is_never_answered_has_an_unknown_outcome()
    {
        FailData(int.MaxValue, FakeFault.LoseReply());

        var error = await Assert.ThrowsAsync<HBaseException>(() => _time.DriveAsync(_table.PutAsync(Put("k", "1")).AsTask()));

        Assert.Equal(HBaseFailure.OutcomeUnknown, error.Failure);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task A_read_that_is_never_answered_has_timed_out()
    {
        FailData(int.MaxValue, FakeFault.LoseReply());

        var error = await Assert.ThrowsAsync<HBaseException>(() => _time.DriveAsync(_table.GetAsync(new Get("k")).AsTask()));

        Assert.Equal(HBaseFailure.Timeout, error.Failure);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_conditional_write_whose_answer_was_lost_does_not_pretend(bool batch)
    {
        FailData(1, FakeFault.LoseReply());
        var check = CheckAndMutate.IfAbsent("k"u8.ToArray(), F, Q).Then(Put("k", "1"));

        var error = batch
            ? (await _time.DriveAsync(_table.BatchAsync([check]).AsTask()))[0].Error
            : await Assert.ThrowsAsync<HBaseException>(() => _time.DriveAsync(_table.CheckAndMutateAsync(check).AsTask()));

        Assert.Equal(HBaseFailure.OutcomeUnknown, error!.Failure);
        Assert.Equal("1", Stored("k"));
    }

    [Fact]
    public async Task A_conditional_write_that_never_arrived_is_repeated_and_wins()
    {
        FailData(1, FakeFault.CloseBefore());

        Assert.True(await _time.DriveAsync(_table.CheckAndMutateAsync(CheckAndMutate.IfAbsent("k"u8.ToArray(), F, Q).Then(Put("k", "1"))).AsTask()));
    }

    [Fact]
    public async Task An_answer_cut_in_the_middle_or_damaged_fails_its_call_only()
    {
        await _table.PutAsync(Put("k", "1"));
        var get = _table.GetAsync(new Get("k")).AsTask();
        FailData(1, FakeFault.CutReply());
        Assert.Equal(["k/f:q=1"], Texts(await _time.DriveAsync(get)));
        Assert.Equal(["k/f:q=1"], Texts(await _time.DriveAsync(_table.GetAsync(new Get("k")).AsTask())));

        FailData(1, FakeFault.BadReply());
        Assert.Equal(["k/f:q=1"], Texts(await _time.DriveAsync(_table.GetAsync(new Get("k")).AsTask())));
    }

    [Fact]
    public async Task An_answer_that_comes_twice_or_late_is_not_taken_for_another()
    {
        await _table.PutAsync(Put("k", "1"));
        await _table.PutAsync(Put("l", "2"));
        FailData(1, FakeFault.DoubleReply());
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(["k/f:q=1"], Texts(await _table.GetAsync(new Get("k"))));
            Assert.Equal(["l/f:q=2"], Texts(await _table.GetAsync(new Get("l"))));
        }
    }

    [Fact]
    public async Task Answers_may_come_in_any_order()
    {
        await _table.PutAsync(Put("k", "1"));
        var gate = new TaskCompletionSource();
        FailData(1, FakeFault.Delay(gate.Task));
        var slow = _table.GetAsync(new Get("k")).AsTask();
        await Arrived(3);

        Assert.Equal(["k/f:q=1"], Texts(await _table.GetAsync(new Get("k"))));
        Assert.False(slow.IsCompleted);
        gate.SetResult();
        Assert.Equal(["k/f:q=1"], Texts(await slow));
    }

    [Fact]
    public async Task A_cancelled_call_ends_at_once_and_the_connection_goes_on()
    {
        await _table.PutAsync(Put("k", "1"));
        FailData(1, FakeFault.LoseReply());
        using var stop = new CancellationTokenSource();
        var get = _table.GetAsync(new Get("k"), stop.Token).AsTask();
        await Arrived(3);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => get);
        Assert.Equal(["k/f:q=1"], Texts(await _table.GetAsync(new Get("k"))));
    }

    [Fact]
    public async Task A_server_that_stopped_is_waited_for_until_its_regions_are_elsewhere()
    {
        await _table.PutAsync(Put("k", "1"));
        await _cluster.StopAsync(1);
        var get = _table.GetAsync(new Get("k")).AsTask();
        var driven = _time.DriveAsync(get);
        _cluster.Move("t", "k", server: 0);

        Assert.Equal(["k/f:q=1"], Texts(await driven));
    }

    [Fact]
    public async Task Calls_beyond_the_bound_wait_for_a_place()
    {
        await using var client = new HBaseClient(new HBaseClientOptions { Masters = _cluster.Masters, MaxCallsInFlight = 2 }, _time);
        var table = client.GetTable("t");
        await table.PutAsync(Put("k", "1"));
        var gate = new TaskCompletionSource();
        FailData(2, FakeFault.Delay(gate.Task));
        var calls = Enumerable.Range(0, 5).Select(_ => table.GetAsync(new Get("k")).AsTask()).ToList();
        await Arrived(1 + 2 + 1);
        Assert.DoesNotContain(calls, static call => call.IsCompleted);

        gate.SetResult();
        foreach (var call in calls) Assert.Equal(["k/f:q=1"], Texts(await call));
        Assert.Equal(1 + 5, _cluster.Requests.Count(static request => request.IsData));
    }

    [Fact]
    public async Task A_batch_goes_to_each_server_once_and_answers_in_order()
    {
        var operations = new List<RowOperation>();
        for (var c = 'a'; c <= 'z'; c++) operations.Add(Put($"{c}", $"{c}"));
        operations.Add(new Get("nothing"));
        operations.Add(CheckAndMutate.IfAbsent("z1"u8.ToArray(), F, Q).Then(Put("z1", "new")));
        operations.Add(new Put("b").Add("nothere", "q", "x"));
        operations.Add(new Increment("q").Add("g", "n", 4));

        var outcomes = await _table.BatchAsync(operations);

        Assert.All(outcomes[..26], static outcome => Assert.True(outcome is { Processed: true, Error: null }));
        Assert.True(outcomes[26].Row.IsEmpty);
        Assert.True(outcomes[27].Processed);
        Assert.Equal(HBaseFailure.Rejected, outcomes[28].Error!.Failure);
        Assert.Equal(1, outcomes[29].Row.Count);
        Assert.Equal([0, 1, 2], _cluster.Requests.Where(static request => request.Method == "Multi").Select(static request => request.Server).Order());
        Assert.Equal(27, _cluster.CountRows("t"));
    }

    [Fact]
    public async Task Of_a_batch_only_what_failed_is_sent_again()
    {
        await _table.BatchAsync([Put("a", "0"), Put("i", "0"), Put("q", "0")]);
        var before = _cluster.Requests.Count;
        _cluster.Split("t", "k", upperServer: 0);
        _cluster.Move("t", "q", server: 1);

        var outcomes = await _time.DriveAsync(_table.BatchAsync([Put("a", "1"), Put("i", "1"), Put("m", "1"), Put("q", "1")]).AsTask());

        Assert.All(outcomes, static outcome => Assert.Null(outcome.Error));
        Assert.Equal(("1", "1", "1", "1"), (Stored("a"), Stored("i"), Stored("m"), Stored("q")));
        Assert.Equal(1, _cluster.Requests.Skip(before).Count(static request => request is { Method: "Multi", Server: 0 } && request.Region.StartsWith("t,,", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_large_batch_is_cut_into_calls_of_bounded_size()
    {
        await using var client = new HBaseClient(new HBaseClientOptions { Masters = _cluster.Masters, MaxBatchActions = 10 }, _time);

        var outcomes = await client.GetTable("t").BatchAsync([.. Enumerable.Range(0, 95).Select(static i => (RowOperation)Put($"i{i}", "x"))]);

        Assert.All(outcomes, static outcome => Assert.True(outcome.Processed));
        Assert.Equal(10, _cluster.Requests.Count(static request => request.Method == "Multi"));
    }

    [Fact]
    public async Task An_operation_that_says_nothing_is_refused_before_it_is_sent()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _table.PutAsync(new Put("k")).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => _table.CheckAndMutateAsync(CheckAndMutate.IfAbsent("k"u8.ToArray(), F, Q)).AsTask());
        Assert.Throws<ArgumentException>(static () => new Get(""));
        Assert.Throws<ArgumentException>(static () => new Get(new byte[32_768]));
        Assert.Throws<ArgumentException>(static () => CheckAndMutate.IfAbsent("k"u8.ToArray(), F, Q).Then(Put("other", "x")));
        Assert.Empty(_cluster.Requests);
    }

    [Fact]
    public void Options_report_all_faults_at_once()
    {
        var error = Assert.Throws<ArgumentException>(static () => new HBaseClient(new HBaseClientOptions { Masters = "a:b:c,:1", CallTimeout = TimeSpan.Zero, MaxCallsInFlight = 0 }));

        Assert.All(["'a:b:c'", "':1'", "CallTimeout", "MaxCallsInFlight"], text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }

    private static Put Put(string row, string value) => new Put(row).Add("f", "q", value);

    private string? Stored(string row) => _cluster.Value("t", row, "f", "q") is { } value ? Encoding.UTF8.GetString(value) : null;

    // The first requests for data from now on go wrong.
    private void FailData(int count, FakeFault fault) => _cluster.Script = request => request.IsData && count-- > 0 ? fault : null;

    // Waits until the cluster has got so many requests for data.
    private async Task Arrived(int count)
    {
        while (_cluster.Requests.Count(static request => request.IsData) < count - 1) await Task.Yield();
    }

    private static List<HBaseCell> Cells(HBaseRow row)
    {
        var cells = new List<HBaseCell>();
        foreach (var cell in row) cells.Add(cell);
        return cells;
    }

    private static List<string> Texts(HBaseRow row) => Cells(row).ConvertAll(static cell =>
        $"{Encoding.UTF8.GetString(cell.Row.Span)}/{Encoding.UTF8.GetString(cell.Family.Span)}:{Encoding.UTF8.GetString(cell.Qualifier.Span)}={Encoding.UTF8.GetString(cell.Value.Span)}");
}
