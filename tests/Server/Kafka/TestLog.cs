using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Grains.Tests.Server.Kafka;

/// <summary>Keeps what was logged, above debug.</summary>
internal sealed class TestLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, int Id, string Text)> _entries = new();

    public bool Has(int id) => Count(id) > 0;

    public int Count(int id) => _entries.Count(entry => entry.Id == id);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TScope>(TScope state)
        where TScope : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public void Log<TEntry>(LogLevel logLevel, EventId eventId, TEntry state, Exception? exception, Func<TEntry, Exception?, string> formatter)
    {
        _entries.Enqueue((logLevel, eventId.Id, $"{formatter(state, exception)} {exception}"));
    }

    public override string ToString() => string.Join('\n', _entries.Where(entry => entry.Level > LogLevel.Debug || entry.Id == 1450).Select(entry => $"{entry.Level} {entry.Id} {entry.Text}").TakeLast(60));

    public void Dispose()
    {
    }
}
