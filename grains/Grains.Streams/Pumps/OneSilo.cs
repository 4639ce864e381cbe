namespace Grains.Streams.Pumps;

/// <summary>The routes of a process that is alone: every cell is here.</summary>
internal sealed class OneSilo<TEvent> : ICellRoutes<TEvent>
    where TEvent : unmanaged
{
    public int Version => 0;

    public IRemoteCells<TEvent>? RouteOf(string key) => null;
}
