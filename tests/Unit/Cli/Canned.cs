namespace Grains.Tests.Unit.Cli;

/// <summary>Answers as the server writes them.</summary>
internal static class Canned
{
    public const string Top =
        """{"window":{"name":"1h","start":"2026-11-23T10:00:00+00:00","end":"2026-11-23T11:00:00+00:00","views":2000},"courseCount":5,"courses":[{"course":"112","views":1234},{"course":"edX+Demo","views":600}]}""";

    public const string Status =
        """{"started":"2026-11-23T09:00:00+00:00","records":1000,"kept":800,"skipped":{"total":150,"byReason":{"method":50,"status":100}},"refused":{"total":50,"byReason":{"no time":50}},"samples":[],"eventTime":"2026-11-23T10:15:32+00:00","courses":5,"recordsPerSecond":12.3,"partitions":[{"source":"access.log","partition":0,"position":1000,"durable":900,"lag":5120,"durableLag":100,"unit":"By"}]}""";

    public const string Course =
        """
        {"course":"112","views":123456,"asOf":{"eventTime":"2026-11-23T10:15:32+00:00","positions":[],"late":2,"durable":false,"stalenessSeconds":1.5},
        "windows":{"second":{"start":"2026-11-23T10:15:32+00:00","end":"2026-11-23T10:15:33+00:00","views":1},"minute":{"start":"2026-11-23T10:15:00+00:00","end":"2026-11-23T10:16:00+00:00","views":20},
        "tenMinutes":{"start":"2026-11-23T10:10:00+00:00","end":"2026-11-23T10:20:00+00:00","views":300},"hour":{"start":"2026-11-23T10:00:00+00:00","end":"2026-11-23T11:00:00+00:00","views":1000},
        "day":{"start":"2026-11-23T00:00:00+00:00","end":"2026-11-24T00:00:00+00:00","views":5000},"allTime":{"start":"1970-01-01T00:00:00+00:00","end":"2026-11-23T10:15:32+00:00","views":123456}},
        "dimensions":{"window":{"name":"1h","start":"2026-11-23T10:00:00+00:00","end":"2026-11-23T11:00:00+00:00","views":1000},
        "client":[{"value":"Chrome","views":750},{"value":"Evil\u001b[31m\u0007","views":200}],"os":[{"value":"Windows","views":1000}],"device":[{"value":"desktop","views":1000}],
        "region":[{"value":"CN","views":1000}],"source":[{"value":"direct","views":1000}],"rest":{"client":50,"os":0,"device":0,"region":0,"source":0}},
        "series":{"resolution":"1m","start":"2026-11-23T10:12:00+00:00","stepSeconds":60,"views":[0,10,20,5]}}
        """;

    public const string UnknownCourse = """{"type":"about:blank","title":"Unknown course.","status":404,"detail":"No view of course '113' has been counted."}""";
}
