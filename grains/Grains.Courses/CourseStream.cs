using Grains.Abstractions;
using Grains.Streams;
using Grains.Weblog;
using Grains.Windows;

namespace Grains.Courses;

/// <summary>The stream of course views: what a log line means, and what a course accumulates.</summary>
public static class CourseStream
{
    /// <summary>The stream's name.</summary>
    public const string Name = "courses";

    /// <summary>The definition for the engine.</summary>
    public static StreamDefinition<CourseState, CourseEvent> Define(LogLineParserFactory parsers, WindowRules rules, EventClock clock, CourseVocabulary vocabulary) => new()
    {
        Name = Name,
        NewState = _ => new CourseState(rules),
        NewDecoder = () => new CourseDecoder(parsers.Create(), clock),
        Codec = new CourseEventCodec(vocabulary, clock),
    };
}
