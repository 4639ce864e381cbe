namespace Grains.Abstractions.Questions;

/// <summary>How long a window is. All but <see cref="AllTime"/> are tumbling windows of event time; <see cref="Day"/> begins at midnight in the time zone of the question.</summary>
public enum WindowSpan
{
    /// <summary>One second.</summary>
    Second,

    /// <summary>One minute.</summary>
    Minute,

    /// <summary>Ten minutes.</summary>
    TenMinutes,

    /// <summary>One hour.</summary>
    Hour,

    /// <summary>Since midnight.</summary>
    Day,

    /// <summary>Everything.</summary>
    AllTime,
}
