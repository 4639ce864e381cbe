namespace Grains.Testing.HBase;

/// <summary>A request as the script of faults sees it.</summary>
/// <param name="Number">1 for the first request that the cluster got, and so on.</param>
/// <param name="Server">Index of the server that got it.</param>
/// <param name="Method">Get, Mutate, Multi, Scan, or a method of the master or the registry.</param>
/// <param name="Region">Full name of the region of the first action; empty where there is none.</param>
public sealed record FakeRequest(int Number, int Server, string Method, string Region)
{
    /// <summary>Whether it is a call to the region of a table of the user.</summary>
    public bool IsData => Method is "Get" or "Mutate" or "Multi" or "Scan" && !Region.StartsWith("hbase:meta", StringComparison.Ordinal);
}
