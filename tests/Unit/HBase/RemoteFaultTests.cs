using HBase.Client;
using HBase.Client.Protocol;
using HBase.Client.Rpc;
using Xunit;

namespace Grains.Tests.Unit.HBase;

/// <summary>What exceptions of servers ask for.</summary>
public sealed class RemoteFaultTests
{
    private const string Package = "org.apache.hadoop.hbase.";

    [Theory]
    [InlineData("NotServingRegionException", false, "Relocate")]
    [InlineData("exceptions.RegionOpeningException", false, "Relocate")]
    [InlineData("RegionTooBusyException", false, "Retry")]
    [InlineData("CallQueueTooBigException", false, "RetryLater")]
    [InlineData("quotas.RpcThrottlingException", false, "RetryLater")]
    [InlineData("MultiActionResultTooLarge", false, "RetryNow")]
    [InlineData("regionserver.RegionServerStoppedException", false, "LeaveServer")]
    [InlineData("PleaseHoldException", false, "FindMaster")]
    [InlineData("exceptions.MasterStoppedException", true, "FindMaster")]
    [InlineData("UnknownScannerException", true, "ReopenScanner")]
    [InlineData("exceptions.ScannerResetException", true, "ReopenScanner")]
    [InlineData("security.AccessDeniedException", true, "Fail")]
    [InlineData("regionserver.NoSuchColumnFamilyException", false, "Fail")]
    [InlineData("ipc.FatalConnectionException", false, "Refused")]
    [InlineData("SomethingNewException", true, "Fail")]
    [InlineData("SomethingNewException", false, "Relocate")]
    public void A_class_decides_what_is_done(string name, bool doNotRetry, string action) => Assert.Equal(action, RemoteFault.From(Package + name, "text", doNotRetry).Action.ToString());

    [Fact]
    public void A_moved_region_says_where_it_went()
    {
        var fault = RemoteFault.From(
            Package + "exceptions.RegionMovedException", $"{Package}exceptions.RegionMovedException: Region moved to: hostname=rs3.example port=16020 startCode=17. As of locationSeqNum=4.\n\tat x");

        Assert.Equal(new HBaseEndpoint("rs3.example", 16020), fault.MovedTo);
        Assert.Equal("Region moved to: hostname=rs3.example port=16020 startCode=17. As of locationSeqNum=4.", fault.Message);
    }

    [Theory]
    [InlineData("number of requests exceeded - wait 1sec, 200ms", 1200)]
    [InlineData("x - wait 2mins, 1sec", 121_000)]
    [InlineData("x - wait 50ms", 50)]
    public void A_throttled_call_waits_as_long_as_it_is_told(string message, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), RemoteFault.From(Package + "quotas.RpcThrottlingException", message).Wait);

    [Theory]
    [InlineData("exceptions.RegionMovedException", "Region moved to: hostname= port=99999999999")]
    [InlineData("exceptions.RegionMovedException", "")]
    [InlineData("quotas.RpcThrottlingException", "wait soon")]
    [InlineData("quotas.RpcThrottlingException", "wait ")]
    public void A_text_that_says_nothing_useful_is_not_believed(string name, string message)
    {
        var fault = RemoteFault.From(Package + name, message);

        Assert.Null(fault.MovedTo);
        Assert.Null(fault.Wait);
    }

    [Fact]
    public void An_overloaded_server_is_left_alone_for_longer() =>
        Assert.Equal(FaultAction.RetryLater, RemoteFault.From(new ExceptionResponse { ExceptionClassName = "java.io.IOException", ServerOverloaded = true }).Action);

    [Fact]
    public void An_exception_from_the_middle_of_a_write_leaves_its_outcome_open()
    {
        Assert.False(RemoteFault.From("java.io.IOException", "Failed sync").IsKnown);
        Assert.True(RemoteFault.From(Package + "RegionTooBusyException", "").IsKnown);
    }
}
