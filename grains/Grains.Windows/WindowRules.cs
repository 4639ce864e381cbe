using Grains.Abstractions;

namespace Grains.Windows;

/// <summary>What all courses of a process have in common: the names, and when a block closes. One instance a process.</summary>
public sealed class WindowRules
{
    private readonly uint _latenessSeconds;
    private readonly uint _cachedSeconds;

    /// <exception cref="ArgumentException">The settings have a fault.</exception>
    public WindowRules(CourseVocabulary vocabulary, WindowSettings settings)
    {
        var faults = string.Join(' ', settings.Faults());
        if (faults.Length > 0) throw new ArgumentException(faults, nameof(settings));

        Vocabulary = vocabulary;
        ClosedBytesInRow = settings.ClosedBytesInRow;
        _latenessSeconds = (uint)settings.AllowedLateness.TotalSeconds;
        _cachedSeconds = (uint)settings.Cached.TotalSeconds;
    }

    /// <summary>The names that ids stand for.</summary>
    public CourseVocabulary Vocabulary { get; }

    /// <summary>So many bytes of closed blocks stay in a row.</summary>
    internal int ClosedBytesInRow { get; }

    /// <summary>Blocks below this one have closed when <paramref name="newest"/> is the newest event time of the course.</summary>
    internal uint ClosedBefore(uint newest) => newest < _latenessSeconds ? 0 : (newest - _latenessSeconds) / Block.Seconds;

    /// <summary>Blocks below this one are no longer worth their memory.</summary>
    internal uint ForgottenBefore(uint newest) => newest < _cachedSeconds ? 0 : (newest - _cachedSeconds) / Block.Seconds;
}
