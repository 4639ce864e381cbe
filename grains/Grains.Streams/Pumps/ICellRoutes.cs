namespace Grains.Streams.Pumps;

/// <summary>Where the cell of a key is.</summary>
internal interface ICellRoutes<TEvent>
    where TEvent : unmanaged
{
    /// <summary>Changes whenever a route may have changed.</summary>
    int Version { get; }

    /// <summary>The silo that owns the key; null for this one.</summary>
    IRemoteCells<TEvent>? RouteOf(string key);
}
