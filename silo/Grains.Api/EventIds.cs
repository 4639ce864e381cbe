namespace Grains.Api;

/// <summary>Ids of what this project logs: 3000 to 3099.</summary>
internal static class EventIds
{
    public const int QuestionFailed = 3000;
    public const int QuestionTimedOut = 3001;
    public const int QuestionUnavailable = 3002;
}
