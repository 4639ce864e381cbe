namespace Grains.Abstractions;

/// <summary>A visitor's software in three ids of <see cref="CourseVocabulary"/>: browser family, family of the operating system, class of the device.</summary>
/// <remarks>Views are counted by agent, so that three dimensions cost one counter.</remarks>
public readonly record struct CourseAgent(ushort Browser, ushort Os, ushort Device);
