using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace Grains.Tests.Unit.Api;

/// <summary>Listens to server-sent events, one at a time.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly HttpResponseMessage _response;
    private readonly CancellationTokenSource _leaving;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    private EventReader(HttpResponseMessage response, Stream body, CancellationTokenSource leaving)
    {
        _response = response;
        _leaving = leaving;
        _events = SseParser.Create(body).EnumerateAsync(leaving.Token).GetAsyncEnumerator();
    }

    public string? MediaType => _response.Content.Headers.ContentType?.MediaType;

    public static async Task<EventReader> OpenAsync(HttpClient client, string question)
    {
        var leaving = new CancellationTokenSource();
        var response = await client.GetAsync(question, HttpCompletionOption.ResponseHeadersRead, leaving.Token);
        response.EnsureSuccessStatusCode();
        return new EventReader(response, await response.Content.ReadAsStreamAsync(), leaving);
    }

    /// <summary>The next event; its name alone where it has no data.</summary>
    public async Task<(string Name, JsonNode? Data)> NextAsync()
    {
        if (!await _events.MoveNextAsync().AsTask().WaitAsync(Limit)) throw new EndOfStreamException("The stream has ended.");

        return (_events.Current.EventType, _events.Current.Data.Length == 0 ? null : JsonNode.Parse(_events.Current.Data));
    }

    /// <summary>Whether the stream ends now, in order.</summary>
    public async Task<bool> EndsAsync() => !await _events.MoveNextAsync().AsTask().WaitAsync(Limit);

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        _response.Dispose();
        _leaving.Dispose();
    }
}
