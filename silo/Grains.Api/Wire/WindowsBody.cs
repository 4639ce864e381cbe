using Grains.Abstractions.Questions;

namespace Grains.Api.Wire;

/// <summary>Views in one window.</summary>
/// <param name="Start">Its beginning, of event time.</param>
/// <param name="End">Its end, exclusive.</param>
/// <param name="Views">The views in it.</param>
internal readonly record struct WindowBody(DateTimeOffset Start, DateTimeOffset End, long Views);

/// <summary>Views of the window of each length that holds the newest event time. Day begins at midnight of the offset that was asked for.</summary>
internal sealed record WindowsBody(WindowBody Second, WindowBody Minute, WindowBody TenMinutes, WindowBody Hour, WindowBody Day, WindowBody AllTime)
{
    /// <summary>The same as JSON has it.</summary>
    public static WindowsBody From(IReadOnlyList<WindowViews> windows)
    {
        Span<WindowBody> bySpan = stackalloc WindowBody[(int)WindowSpan.AllTime + 1];
        for (var i = 0; i < windows.Count; i++)
        {
            var window = windows[i];
            bySpan[(int)window.Span] = new WindowBody(window.Start, window.End, window.Views);
        }

        return new WindowsBody(bySpan[0], bySpan[1], bySpan[2], bySpan[3], bySpan[4], bySpan[5]);
    }
}
