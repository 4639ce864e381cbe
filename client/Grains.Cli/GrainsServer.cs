using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Grains.Cli.Wire;

namespace Grains.Cli;

/// <summary>The server that is asked; every way it can fail to answer is a <see cref="CommandFailure"/> that says what to do.</summary>
internal sealed class GrainsServer : IDisposable
{
    private readonly HttpClient _http;

    public GrainsServer(Uri address)
        => _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), AutomaticDecompression = DecompressionMethods.All })
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
        };

    /// <summary>Asks a question and takes the answer as it came.</summary>
    public async Task<byte[]> AskAsync(string question, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(question, cancellationToken).ConfigureAwait(false);
        try
        {
            return await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception)
        {
            throw BrokeOff(exception);
        }
    }

    /// <summary>Listens: the data of every event of that name, until it is cancelled.</summary>
    public async IAsyncEnumerable<string> ListenAsync(string question, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await SendAsync(question, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var events = SseParser.Create(body).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync().ConfigureAwait(false))
        {
            if (events.Current.EventType == name) yield return events.Current.Data;
        }

        throw BrokeOff(null);

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await events.MoveNextAsync().ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException)
            {
                throw BrokeOff(exception);
            }
        }
    }

    /// <summary>Asks for something long; the caller reads the body, and hands what fails there to <see cref="BrokeOff"/>.</summary>
    public async Task<HttpResponseMessage> SendAsync(string question, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.GetAsync(new Uri(question, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.Unknown)
        {
            throw BrokeOff(exception);
        }
        catch (HttpRequestException exception)
        {
            throw NotReached(exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw NotReached(exception);
        }

        if (response.IsSuccessStatusCode) return response;

        using (response) throw await RefusalAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The failure of an answer that ended too early.</summary>
    public CommandFailure BrokeOff(Exception? inner)
        => new(ExitCode.Unreachable, $"{Address} broke off in the middle of its answer. Is it being stopped? Ask again.", inner);

    public void Dispose() => _http.Dispose();

    /// <summary>Reads an answer.</summary>
    public T Read<T>(ReadOnlySpan<byte> answer, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(answer, type) ?? throw new JsonException("It is null.");
        }
        catch (JsonException exception)
        {
            throw new CommandFailure(ExitCode.Refused, $"{Address} does not answer like a Grains server: {exception.Message} Is --server right?", exception);
        }
    }

    private string Address => _http.BaseAddress!.GetLeftPart(UriPartial.Authority);

    private CommandFailure NotReached(Exception exception)
    {
        var reason = exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name is not known",
            HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "nothing listens there",
            OperationCanceledException => "it does not answer",
            _ => exception.Message,
        };
        return new CommandFailure(
            ExitCode.Unreachable,
            $"No Grains server at {Address}: {reason}.\nStart one (dotnet run -c Release --project silo/Grains.Silo), or name another: --server URL, or GRAINS_SERVER in the environment.", exception);
    }

    private async Task<CommandFailure> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var exitCode = response.StatusCode == HttpStatusCode.NotFound ? ExitCode.NotFound : ExitCode.Refused;
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return new CommandFailure(exitCode, $"{Address} answered {(int)response.StatusCode} and no more. Is it a Grains server?");
        }

        var problem = Read(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false), AnswerJson.Default.Problem);
        IEnumerable<string?> parts = [problem.Title, problem.Detail, .. (problem.Errors ?? []).SelectMany(error => error.Value.Select(text => $"{error.Key}: {text}"))];
        return new CommandFailure(exitCode, string.Join(' ', parts.Where(part => !string.IsNullOrEmpty(part)).Select(part => Words.Clean(part!))));
    }
}
