namespace Grains.Storage.Postgres;

/// <summary>What a check of a database has found.</summary>
/// <param name="IsFault">Whether silos cannot work so.</param>
/// <param name="Subject">What was looked at: <c>postgres</c>, <c>tables</c>, <c>queries</c>.</param>
/// <param name="Found">What was seen. It shows no password.</param>
/// <param name="Cause">Why that may be so; empty where all is well.</param>
/// <param name="Fix">What to do; empty where all is well.</param>
public sealed record PostgresFinding(bool IsFault, string Subject, string Found, string Cause = "", string Fix = "");
