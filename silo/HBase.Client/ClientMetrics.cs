using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace HBase.Client;

/// <summary>Metrics and spans of a client, by the OpenTelemetry conventions for database clients. Tables and operations are tags; row keys never are.</summary>
internal sealed class ClientMetrics : IDisposable
{
    private const string SystemTag = "db.system.name";
    private const string SystemName = "hbase";
    private const string OperationTag = "db.operation.name";
    private const string CollectionTag = "db.collection.name";
    private const string ErrorTag = "error.type";
    private static readonly ActivitySource Source = new(HBaseClient.TelemetryName);

    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _lookups;
    private readonly Counter<long> _corrections;
    private readonly TimeProvider _time;

    public ClientMetrics(IMeterFactory? factory, TimeProvider time, Func<int> callsInFlight, Func<int> openConnections)
    {
        _time = time;
        _meter = factory?.Create(HBaseClient.TelemetryName) ?? new Meter(HBaseClient.TelemetryName);
        _duration = _meter.CreateHistogram<double>("db.client.operation.duration", "s", "Time of an operation, retries included.");
        _retries = _meter.CreateCounter<long>("hbase.client.retries", "{retry}", "Attempts after the first.");
        _lookups = _meter.CreateCounter<long>("hbase.client.region.lookups", "{lookup}", "Reads of hbase:meta to find a region.");
        _corrections = _meter.CreateCounter<long>("hbase.client.region.corrections", "{correction}", "Regions found elsewhere than where they were known to be.");
        _meter.CreateObservableUpDownCounter("hbase.client.calls.in_flight", callsInFlight, "{call}", "Calls that wait for an answer.");
        _meter.CreateObservableUpDownCounter("hbase.client.connections", openConnections, "{connection}", "Open connections.");
    }

    public Scope Begin(string verb, TableName table)
    {
        var activity = Source.HasListeners() ? Source.StartActivity($"{verb} {table}", ActivityKind.Client) : null;
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag(SystemTag, SystemName);
            activity.SetTag(OperationTag, verb);
            activity.SetTag(CollectionTag, table.ToString());
        }

        return new Scope(this, verb, table, activity, _duration.Enabled ? _time.GetTimestamp() : 0);
    }

    public void Retried(string verb) => _retries.Add(1, new KeyValuePair<string, object?>(OperationTag, verb));

    public void LookedUp() => _lookups.Add(1);

    public void LocationCorrected() => _corrections.Add(1);

    public void Dispose() => _meter.Dispose();

    /// <summary>One operation under measurement. Must be ended, once.</summary>
    public readonly struct Scope(ClientMetrics metrics, string verb, TableName table, Activity? activity, long started)
    {
        public void End(Exception? error = null)
        {
            var failure = error switch { null => null, HBaseException known => known.Failure.ToString(), _ => error.GetType().Name };
            if (metrics._duration.Enabled)
            {
                var tags = new TagList { { SystemTag, SystemName }, { OperationTag, verb }, { CollectionTag, table.ToString() } };
                if (failure is not null) tags.Add(ErrorTag, failure);
                metrics._duration.Record(metrics._time.GetElapsedTime(started).TotalSeconds, tags);
            }

            if (activity is null) return;

            if (failure is not null)
            {
                activity.SetTag(ErrorTag, failure);
                activity.SetStatus(ActivityStatusCode.Error, error!.Message);
            }

            activity.Dispose();
        }
    }
}
