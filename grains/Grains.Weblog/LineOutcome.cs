namespace Grains.Weblog;

/// <summary>What became of a log line. The numbers are stored with refused lines: append, never reorder.</summary>
public enum LineOutcome : byte
{
    /// <summary>A view of a course.</summary>
    Kept = 0,

    /// <summary>Skipped: the request's method is not one that counts (by default, not GET).</summary>
    NotGet = 1,

    /// <summary>Skipped: the answer's status is not one that counts (by default, not 2xx).</summary>
    NotSuccess = 2,

    /// <summary>Skipped: the page is not that of a course.</summary>
    NotCourse = 3,

    /// <summary>Skipped: the visitor is a program, and the options say that programs do not count.</summary>
    Bot = 4,

    /// <summary>Refused: there is nothing in the line.</summary>
    Empty = 16,

    /// <summary>Refused: the line is longer than the options allow.</summary>
    TooLong = 17,

    /// <summary>Refused: the line is in none of the known formats.</summary>
    NoFormat = 18,

    /// <summary>Refused: the first field is neither an address nor the name of a host.</summary>
    BadAddress = 19,

    /// <summary>Refused: the time is not one.</summary>
    BadTime = 20,

    /// <summary>Refused: the time is further in the future than the options allow.</summary>
    FutureTime = 21,

    /// <summary>Refused: the request is not a method, a path and a protocol in quotes.</summary>
    BadRequest = 22,

    /// <summary>Refused: the status is not three digits, or the size after it is not a number.</summary>
    BadStatus = 23,

    /// <summary>Refused: the referrer or the agent has no closing quote, or something stands behind it that does not belong there.</summary>
    BadQuotes = 24,
}
