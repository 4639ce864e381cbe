using Grains.Abstractions.Questions;

namespace Grains.Api.Requests;

/// <summary>How a <see cref="WindowSpan"/> is written in an address and in JSON.</summary>
internal static class WindowNames
{
    /// <summary>The name of a span.</summary>
    public static string Name(WindowSpan span) => span switch
    {
        WindowSpan.Second => "1s",
        WindowSpan.Minute => "1m",
        WindowSpan.TenMinutes => "10m",
        WindowSpan.Hour => "1h",
        WindowSpan.Day => "1d",
        WindowSpan.AllTime => "all",
        _ => throw new ArgumentOutOfRangeException(nameof(span), span, "No such span."),
    };

    /// <summary>The span of a name; null where no span has it.</summary>
    public static WindowSpan? Find(string name) => name switch
    {
        "1s" => WindowSpan.Second,
        "1m" => WindowSpan.Minute,
        "10m" => WindowSpan.TenMinutes,
        "1h" => WindowSpan.Hour,
        "1d" => WindowSpan.Day,
        "all" => WindowSpan.AllTime,
        _ => null,
    };
}
