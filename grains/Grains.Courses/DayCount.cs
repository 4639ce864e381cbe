namespace Grains.Courses;

/// <summary>The views of a course on a day.</summary>
/// <param name="Course">The course.</param>
/// <param name="Day">The day.</param>
/// <param name="Source">What sent the visitors; empty: all of them.</param>
/// <param name="Views">How many.</param>
/// <param name="Version">Version of the snapshot that they were read from: of two counts of one day the higher is the newer.</param>
public readonly record struct DayCount(string Course, DateOnly Day, string Source, long Views, long Version);
