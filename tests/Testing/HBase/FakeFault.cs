namespace Grains.Testing.HBase;

/// <summary>What a fake server does with one request instead of serving it well.</summary>
public sealed record FakeFault
{
    private FakeFault()
    {
    }

    /// <summary>The Java class that is thrown; null: none.</summary>
    public string? Class { get; private init; }

    /// <summary>What the exception says.</summary>
    public string Message { get; private init; } = "";

    /// <summary>Whether the exception says that a retry is of no use.</summary>
    public bool DoNotRetry { get; private init; }

    /// <summary>Whether the request is carried out.</summary>
    public bool Done { get; private init; } = true;

    /// <summary>How often the answer is sent.</summary>
    public int Replies { get; private init; } = 1;

    /// <summary>Whether the connection is closed: before the answer if there is none, in the middle of it if there is one.</summary>
    public bool Closes { get; private init; }

    /// <summary>Whether the answer's message is replaced by bytes that mean nothing.</summary>
    public bool Garbage { get; private init; }

    /// <summary>Until when the answer waits.</summary>
    public Task Until { get; private init; } = Task.CompletedTask;

    /// <summary>The server throws; nothing is done.</summary>
    public static FakeFault Throw(string javaClass, string message = "scripted", bool doNotRetry = false) => new() { Class = javaClass, Message = message, DoNotRetry = doNotRetry, Done = false };

    /// <summary>The request is dropped in silence, as by a server whose queue is too long.</summary>
    public static FakeFault LoseRequest() => new() { Done = false, Replies = 0 };

    /// <summary>The request is carried out, and nobody hears of it.</summary>
    public static FakeFault LoseReply() => new() { Replies = 0 };

    /// <summary>The request is carried out, and the connection closed instead of an answer.</summary>
    public static FakeFault CloseAfter() => new() { Replies = 0, Closes = true };

    /// <summary>The connection is closed, and the request not carried out.</summary>
    public static FakeFault CloseBefore() => new() { Done = false, Replies = 0, Closes = true };

    /// <summary>Half of the answer, then the end of the connection.</summary>
    public static FakeFault CutReply() => new() { Closes = true };

    /// <summary>The answer comes twice.</summary>
    public static FakeFault DoubleReply() => new() { Replies = 2 };

    /// <summary>The answer comes later.</summary>
    public static FakeFault Delay(Task until) => new() { Until = until };

    /// <summary>The answer makes no sense.</summary>
    public static FakeFault BadReply() => new() { Garbage = true };
}
