using System.Collections.Concurrent;
using Confluent.Kafka;
using Grains.Streams.Kafka.Consuming;
using Xunit;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Grains.Tests.Unit.Kafka;

public sealed class CommitterTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TopicPartition First = new("t", 0);
    private static readonly TopicPartition Second = new("t", 1);

    [Fact]
    public async Task What_comes_while_a_commit_is_under_way_goes_together_in_the_next()
    {
        var wire = new Wire();
        using var committer = wire.Committer();
        var first = committer.CommitAsync(First, 1, CancellationToken.None).AsTask();
        var request = wire.Next();
        var others = new[] { committer.CommitAsync(First, 2, default).AsTask(), committer.CommitAsync(First, 3, default).AsTask(), committer.CommitAsync(Second, 9, default).AsTask() };
        Assert.Equal("0:1", request.Positions);
        request.Answer(null);
        await first.WaitAsync(Limit);

        Assert.All(others, other => Assert.False(other.IsCompleted));
        var next = wire.Next();
        Assert.Equal("0:3 1:9", next.Positions);
        next.Answer(null);
        await Task.WhenAll(others).WaitAsync(Limit);
    }

    [Fact]
    public async Task A_commit_that_failed_in_passing_is_tried_again_and_later_positions_win()
    {
        var wire = new Wire();
        using var committer = wire.Committer();
        var first = committer.CommitAsync(First, 1, default).AsTask();
        var other = wire.Next();
        var second = committer.CommitAsync(First, 2, default).AsTask();
        other.Answer(ErrorCode.NotCoordinatorForGroup);
        var again = wire.Next();
        Assert.Equal("0:2", again.Positions);
        Assert.False(first.IsCompleted);
        again.Answer(null);
        await Task.WhenAll(first, second).WaitAsync(Limit);
        Assert.Empty(wire.Refused);
    }

    [Theory]
    [InlineData(ErrorCode.IllegalGeneration)]
    [InlineData(ErrorCode.UnknownMemberId)]
    [InlineData(ErrorCode.FencedInstanceId)]
    [InlineData(ErrorCode.StaleMemberEpoch)]
    public async Task A_commit_that_the_group_refuses_is_told_and_no_error(ErrorCode code)
    {
        var wire = new Wire();
        using var committer = wire.Committer();
        var commit = committer.CommitAsync(First, 1, default).AsTask();
        wire.Next().Answer(code);
        await commit.WaitAsync(Limit);
        Assert.Equal([code], wire.Refused);
    }

    [Fact]
    public async Task Nobody_waits_for_ever_when_it_ends()
    {
        var wire = new Wire();
        var committer = wire.Committer();
        var commit = committer.CommitAsync(First, 1, default).AsTask();
        var request = wire.Next();
        var later = committer.CommitAsync(Second, 1, default).AsTask();
        request.Answer(null);
        var last = wire.Next();
        var ending = Task.Run(committer.Dispose);
        last.Answer(ErrorCode.Local_TimedOut);
        await Task.WhenAll(commit, later, ending).WaitAsync(Limit);
    }

    /// <summary>Holds each commit until the test answers it.</summary>
    private sealed class Wire
    {
        private readonly BlockingCollection<Request> _requests = [];

        public ConcurrentQueue<ErrorCode> Refused { get; } = new();

        public Committer Committer() => new(Commit, error => Refused.Enqueue(error.Code), TimeSpan.FromMilliseconds(1));

        public Request Next() => _requests.TryTake(out var request, Limit) ? request : throw new TimeoutException("No commit came.");

        private void Commit(IReadOnlyList<TopicPartitionOffset> positions)
        {
            var request = new Request(string.Join(' ', positions.OrderBy(position => position.Partition.Value).Select(position => $"{position.Partition.Value}:{position.Offset.Value}")));
            _requests.Add(request);
            if (request.Wait() is { } code) throw new KafkaException(code);
        }
    }

    private sealed class Request(string positions)
    {
        private readonly TaskCompletionSource<ErrorCode?> _answer = new();

        public string Positions => positions;

        public void Answer(ErrorCode? code) => _answer.SetResult(code);

        public ErrorCode? Wait() => _answer.Task.GetAwaiter().GetResult();
    }
}
