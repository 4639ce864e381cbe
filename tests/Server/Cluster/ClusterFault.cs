namespace Grains.Tests.Server.Cluster;

/// <summary>Something that may happen to a cluster or to what it stands on.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Place">Of the faults of one place no two happen at once; null: it sees to that itself.</param>
/// <param name="Draw">Draws its particulars, and gives what makes it happen and ends it.</param>
internal sealed record ClusterFault(string Name, string? Place, Func<Random, Func<Task>> Draw);
