using System.Runtime.CompilerServices;
using HBase.Client;

namespace Grains.Storage.HBase;

/// <summary>Failures of scans in the words of the storage contracts.</summary>
internal static class ScanFailures
{
    public static async IAsyncEnumerable<HBaseRow> Wrapped(this IAsyncEnumerable<HBaseRow> rows, string what, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var enumerator = rows.GetAsyncEnumerator(cancellationToken);
        await using (enumerator.ConfigureAwait(false))
        {
            while (true)
            {
                try
                {
                    if (!await enumerator.MoveNextAsync().ConfigureAwait(false)) yield break;
                }
                catch (HBaseException e)
                {
                    throw HBaseFailures.Wrap(what, e);
                }

                yield return enumerator.Current;
            }
        }
    }
}
