using HBase.Client;

namespace Grains.Storage.HBase;

/// <summary>Looks whether the tables of a database are as its storages need them, and changes nothing.</summary>
public static class HBaseStorageCheck
{
    /// <summary>What is not as it should be; empty if all is well.</summary>
    /// <param name="database">The database, with its storages made: they announce their tables.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="HBaseException">The cluster could not be asked.</exception>
    public static async Task<IReadOnlyList<HBaseStorageFinding>> RunAsync(HBaseDatabase database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        var findings = new List<HBaseStorageFinding>();
        foreach (var layout in database.Layouts.OrderBy(static layout => layout.Name.ToString(), StringComparer.Ordinal))
        {
            await CheckAsync(database.Client.Admin, layout, database.Options.CreateTables, findings, cancellationToken).ConfigureAwait(false);
        }

        return findings;
    }

    private static async Task CheckAsync(HBaseAdmin admin, TableLayout layout, bool createsTables, List<HBaseStorageFinding> findings, CancellationToken cancellationToken)
    {
        if (await admin.DescribeTableAsync(layout.Name, cancellationToken).ConfigureAwait(false) is not { } table)
        {
            Add(!createsTables, createsTables ? "does not exist yet; it will be made." : "does not exist. Make it, or let the storage make it (CreateTables).");
            return;
        }

        var state = await admin.GetTableStateAsync(layout.Name, cancellationToken).ConfigureAwait(false);
        if (state != TableState.Enabled) Add(true, $"is {state}. Enable it.");

        var family = table.Families.FirstOrDefault(known => known.Name == layout.Family);
        if (family is null)
        {
            Add(true, $"has no family '{layout.Family}'. Add it.");
            return;
        }

        // More versions cost space and do no harm; a shorter life than was asked for loses rows.
        if (family.MaxVersions is > 1) Add(false, $"keeps {family.MaxVersions} versions in family '{layout.Family}'; one is enough.");
        if (family.TimeToLive is { } ttl && (layout.TimeToLive is null || ttl < layout.TimeToLive)) Add(true, $"lets rows of family '{layout.Family}' expire after {ttl}; the options say {layout.TimeToLive?.ToString() ?? "never"}. Alter one of them.");
        if (layout.TimeToLive is { } wanted && (family.TimeToLive is null || family.TimeToLive > wanted)) Add(false, $"keeps rows of family '{layout.Family}' for {family.TimeToLive?.ToString() ?? "ever"}; the options say {wanted}.");
        if (family.Compression is { } compression && !string.Equals(compression, layout.Compression, StringComparison.OrdinalIgnoreCase)) Add(false, $"compresses with {compression}; the options say {layout.Compression}.");

        void Add(bool isError, string text) => findings.Add(new HBaseStorageFinding(layout.Name.ToString(), isError, $"Table '{layout.Name}' {text}"));
    }
}
