namespace Grains.Weblog;

/// <summary>A file that log lines are understood with cannot be used. The message says which, why, and which setting names it; trying again does not help.</summary>
public sealed class WeblogDataException(string message, Exception? inner = null) : Exception(message, inner);
