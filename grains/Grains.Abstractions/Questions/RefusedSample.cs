namespace Grains.Abstractions.Questions;

/// <summary>One refused record.</summary>
/// <param name="Source">Where it stood.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Position">Its position.</param>
/// <param name="Reason">Why it was refused.</param>
/// <param name="Text">Its first 200 bytes; what is not printable ASCII stands as <c>\xNN</c>. Addresses are masked.</param>
[GenerateSerializer, Immutable]
public sealed record RefusedSample(
    [property: Id(0)] string Source, [property: Id(1)] int Partition, [property: Id(2)] long Position, [property: Id(3)] string Reason, [property: Id(4)] string Text);
