namespace Grains.Weblog;

/// <summary>What a <see cref="LineOutcome"/> means to those who count.</summary>
public static class LineOutcomes
{
    /// <summary>The line was understood, and is not wanted.</summary>
    public static bool IsSkip(LineOutcome outcome) => outcome is > LineOutcome.Kept and < LineOutcome.Empty;

    /// <summary>The line was not understood.</summary>
    public static bool IsRefusal(LineOutcome outcome) => outcome >= LineOutcome.Empty;

    /// <summary>The name in metrics and answers.</summary>
    public static string Name(LineOutcome outcome) => outcome switch
    {
        LineOutcome.Kept => "kept",
        LineOutcome.NotGet => "not_get",
        LineOutcome.NotSuccess => "not_success",
        LineOutcome.NotCourse => "not_course",
        LineOutcome.Bot => "bot",
        LineOutcome.Empty => "empty",
        LineOutcome.TooLong => "too_long",
        LineOutcome.NoFormat => "no_format",
        LineOutcome.BadAddress => "bad_address",
        LineOutcome.BadTime => "bad_time",
        LineOutcome.FutureTime => "future_time",
        LineOutcome.BadRequest => "bad_request",
        LineOutcome.BadStatus => "bad_status",
        LineOutcome.BadQuotes => "bad_quotes",
        _ => "unknown",
    };
}
