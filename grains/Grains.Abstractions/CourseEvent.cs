using System.Runtime.InteropServices;

namespace Grains.Abstractions;

/// <summary>One view of one course's page: what is left of a log line when it has been understood. 12 bytes; the course itself is the key it travels under.</summary>
/// <param name="EventTime">Seconds since 1970-01-01T00:00:00Z, by the log line.</param>
/// <param name="Agent">The visitor's software, an id of <see cref="CourseVocabulary.Agents"/>.</param>
/// <param name="Region">Where the visitor is, an id of <see cref="CourseVocabulary.Regions"/>.</param>
/// <param name="Source">What sent the visitor, an id of <see cref="CourseVocabulary.Sources"/>.</param>
/// <remarks>Ids mean something in this process only. No address, agent string or referrer is kept.</remarks>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct CourseEvent(uint EventTime, ushort Agent, ushort Region, ushort Source);
