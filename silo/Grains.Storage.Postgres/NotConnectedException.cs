namespace Grains.Storage.Postgres;

/// <summary>A connection could not be opened: whatever was to be done over it has not begun.</summary>
internal sealed class NotConnectedException(Exception cause) : Exception(cause.Message, cause);
