using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grains.Testing.HBase;
using HBase.Client;
using Xunit;

namespace Grains.Tests.Unit.HBase;

/// <summary>What an operator sees: durations and spans by the OpenTelemetry conventions for database clients, retries, corrections.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task An_operation_is_measured_and_traced_with_its_failure()
    {
        const string Table = "telemetry";
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == HBaseClient.TelemetryName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("db.collection.name") as string == Table) spans.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        var measured = new ConcurrentQueue<string>();
        using var meters = new MeterListener { InstrumentPublished = static (instrument, listening) => { if (instrument.Name == "db.client.operation.duration") listening.EnableMeasurementEvents(instrument); } };
        meters.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
        {
            var all = tags.ToArray();
            if (all.Any(static tag => Table.Equals(tag.Value))) measured.Enqueue($"{seconds >= 0} {string.Join(' ', all.Select(static tag => $"{tag.Key}={tag.Value}"))}");
        });
        meters.Start();
        await using var cluster = new FakeCluster(servers: 1);
        cluster.CreateTable(Table, ["f"]);
        await using var client = new HBaseClient(cluster.Masters);
        var table = client.GetTable(Table);

        await table.PutAsync(new Put("k").Add("f", "q", "v"));
        await Assert.ThrowsAsync<HBaseException>(() => table.PutAsync(new Put("k").Add("nothere", "q", "v")).AsTask());

        Assert.Equal(
            [$"True db.system.name=hbase db.operation.name=Put db.collection.name={Table}", $"True db.system.name=hbase db.operation.name=Put db.collection.name={Table} error.type=Rejected"], measured);
        Assert.Equal([$"Put {Table}", $"Put {Table}"], spans.Select(static span => span.DisplayName));
        Assert.Equal([ActivityStatusCode.Unset, ActivityStatusCode.Error], spans.Select(static span => span.Status));
        Assert.Equal("hbase", spans.First().GetTagItem("db.system.name"));
    }
}
