using Grains.Abstractions;
using Grains.Streams;
using Grains.Weblog;

namespace Grains.Courses;

/// <summary>A log line as a record of the stream: its course is the key, its view the event.</summary>
internal sealed class CourseDecoder(LogLineParser parser, EventClock clock) : IRecordDecoder<CourseEvent>
{
    private uint _newest;

    public RecordVerdict Decode(ReadOnlySpan<byte> record, out ReadOnlySpan<byte> key, out CourseEvent decoded)
    {
        var outcome = parser.Parse(record, out key, out decoded);
        if (outcome != LineOutcome.Kept) return LineOutcomes.IsSkip(outcome) ? RecordVerdict.Skipped((byte)outcome) : RecordVerdict.Refused((byte)outcome);

        if (decoded.EventTime > _newest)
        {
            _newest = decoded.EventTime;
            clock.Advance(_newest);
        }

        return RecordVerdict.Kept;
    }

    public string ReasonName(byte reason) => LineOutcomes.Name((LineOutcome)reason);
}
