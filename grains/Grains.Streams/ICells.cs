namespace Grains.Streams;

/// <summary>The states of the keys that this silo owns. What a grain asks to answer questions about its key.</summary>
public interface ICells<TState>
{
    /// <summary>How many keys are in memory.</summary>
    int Count { get; }

    /// <summary>Asks the state of a key, after bringing it into memory if it is not there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="argument">Handed on to <paramref name="read"/>.</param>
    /// <param name="read">Reads the state; runs alone with it, must be short, must not keep it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Whether the key was ever seen, and what <paramref name="read"/> gave.</returns>
    /// <exception cref="Storage.SnapshotStorageException">The storage could not be asked.</exception>
    /// <exception cref="Cluster.KeyMovedException">Another silo owns the key.</exception>
    ValueTask<(bool Exists, TResult Result)> ReadAsync<TArgument, TResult>(
        string key, TArgument argument, Func<TState, CellContents, TArgument, TResult> read, CancellationToken cancellationToken);

    /// <summary>Visits the state of every key in memory, each alone for the time of its visit.</summary>
    void ForEach<TArgument>(TArgument argument, Action<string, TState, TArgument> visit);
}
