using System.Text.Json.Serialization;

namespace Grains.Cli.Wire;

/// <summary>Views in one window of event time.</summary>
internal sealed record Span(DateTimeOffset Start, DateTimeOffset End, long Views, string? Name = null);

/// <summary>Views of one value of a dimension.</summary>
internal sealed record ValueViews(string Value, long Views);

/// <summary>What the numbers of a course contain.</summary>
internal sealed record AsOf(DateTimeOffset EventTime, long Late, bool Durable, double StalenessSeconds);

/// <summary>The current window of each length.</summary>
internal sealed record Spans(Span Second, Span Minute, Span TenMinutes, Span Hour, Span Day, Span AllTime);

/// <summary>Views of one window by what is known of the visitors.</summary>
internal sealed record Dimensions(Span Window, ValueViews[] Client, ValueViews[] Os, ValueViews[] Device, ValueViews[] Region, ValueViews[] Source, Rest Rest);

/// <summary>Views of the values that are not named.</summary>
internal sealed record Rest(long Client, long Os, long Device, long Region, long Source);

/// <summary>Views over time.</summary>
internal sealed record Series(string Resolution, DateTimeOffset Start, int StepSeconds, long[] Views);

/// <summary>Answer of <c>/v1/courses/{id}</c>.</summary>
internal sealed record CourseAnswer(string Course, long Views, AsOf AsOf, Spans Windows, Dimensions Dimensions, Series? Series);

/// <summary>Views of one course.</summary>
internal sealed record CourseViews(string Course, long Views);

/// <summary>Answer of <c>/v1/courses</c>.</summary>
internal sealed record TopAnswer(Span Window, long CourseCount, CourseViews[] Courses, int MissingSilos = 0);

/// <summary>A number and what it is made of.</summary>
internal sealed record Counts(long Total, Dictionary<string, long> ByReason);

/// <summary>How far the reading of one partition is.</summary>
internal sealed record PartitionStatus(string Source, int Partition, long Position, long Durable, long Lag, long DurableLag, string Unit);

/// <summary>Answer of <c>/v1/status</c>.</summary>
internal sealed record StatusAnswer(
    DateTimeOffset Started, long Records, long Kept, Counts Skipped, Counts Refused, DateTimeOffset? EventTime, int Courses, double RecordsPerSecond, PartitionStatus[] Partitions, int Silos = 1, int MissingSilos = 0);

/// <summary>An event of <c>/v1/live</c>.</summary>
internal sealed record OverviewAnswer(TopAnswer Top, StatusAnswer Status);

/// <summary>Why there is no answer: problem details of RFC 9457.</summary>
internal sealed record Problem(string? Title, string? Detail, Dictionary<string, string[]>? Errors);

/// <summary>How answers are read: made when this is compiled.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CourseAnswer))]
[JsonSerializable(typeof(TopAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(OverviewAnswer))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class AnswerJson : JsonSerializerContext;
