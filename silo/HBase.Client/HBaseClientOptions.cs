namespace HBase.Client;

/// <summary>How to reach a cluster, and how long to try.</summary>
public sealed class HBaseClientOptions
{
    private const int DefaultMasterPort = 16000;

    /// <summary>
    /// Where to ask for the cluster: masters (active or standby), or region servers of HBase 2.5 and later; <c>host:port</c>, comma-separated, port 16000 if left out. The setting that Java
    /// clients call <c>hbase.masters</c> or <c>hbase.client.bootstrap.servers</c>. One that answers is enough; one alone is a single point of failure.
    /// </summary>
    public string Masters { get; set; } = "localhost:16000";

    /// <summary>The user that calls act for; the user of this process by default. Not used with another <see cref="Authenticator"/>.</summary>
    public string User { get; set; } = Environment.UserName;

    /// <summary>How connections prove who they are; null, the default: <see cref="SimpleAuthenticator"/>.</summary>
    public IHBaseAuthenticator? Authenticator { get; set; }

    /// <summary>TLS; null, the default: none.</summary>
    public HBaseTlsOptions? Tls { get; set; }

    /// <summary>Time for a connection to be made, TLS and authentication included; 5 s by default.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for one answer of one server; 5 s by default. Too short: a busy server's work is thrown away and done again. Too long: a dead server is noticed late.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for an operation with all its retries; 30 s by default. Shorter than a region takes to move off a dead server (tens of seconds), operations fail that need not.</summary>
    public TimeSpan OperationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The first pause before a retry is between 0 and this, the next twice as long, and so on; 50 ms by default.</summary>
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>No pause is longer than this; 2 s by default.</summary>
    public TimeSpan MaxRetryPause { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Calls in flight to one server at most; 1,000 by default. Further calls wait: this is the back-pressure that keeps a slow server from filling the memory here.</summary>
    public int MaxCallsInFlight { get; set; } = 1000;

    /// <summary>Largest answer that is accepted, bytes; 256 MiB by default. Must be above the largest row read at once.</summary>
    public int MaxFrameBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>Largest batch of operations that goes to a server in one call, about, in bytes; 2 MiB by default.</summary>
    public int MaxBatchBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>Most operations that go to a server in one call; 1,000 by default. Servers complain above 5,000.</summary>
    public int MaxBatchActions { get; set; } = 1000;

    internal List<HBaseEndpoint> MasterEndpoints()
    {
        var endpoints = new List<HBaseEndpoint>();
        foreach (var part in Masters.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (HBaseEndpoint.TryParse(part, DefaultMasterPort, out var endpoint)) endpoints.Add(endpoint);
        }

        return endpoints;
    }

    /// <summary>Everything that is wrong with the options; empty if nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        var parts = Masters?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (parts.Length == 0) faults.Add("Masters is empty; it must name at least one master as host:port.");
        foreach (var part in parts)
        {
            if (!HBaseEndpoint.TryParse(part, DefaultMasterPort, out _)) faults.Add($"Masters has '{part}', which is not host:port.");
        }

        if (string.IsNullOrEmpty(User) && Authenticator is null) faults.Add("User is empty; HBase wants a name.");
        Positive(ConnectTimeout, nameof(ConnectTimeout), "5 s");
        Positive(CallTimeout, nameof(CallTimeout), "5 s");
        Positive(OperationTimeout, nameof(OperationTimeout), "30 s");
        Positive(RetryPause, nameof(RetryPause), "50 ms");
        if (MaxRetryPause < RetryPause) faults.Add($"MaxRetryPause is {MaxRetryPause}; it must be at least RetryPause, {RetryPause} (default 2 s).");
        AtLeast(MaxCallsInFlight, 1, nameof(MaxCallsInFlight), 1000);
        AtLeast(MaxFrameBytes, 64 * 1024, nameof(MaxFrameBytes), 256 * 1024 * 1024);
        AtLeast(MaxBatchBytes, 1024, nameof(MaxBatchBytes), 2 * 1024 * 1024);
        AtLeast(MaxBatchActions, 1, nameof(MaxBatchActions), 1000);
        return faults;

        void Positive(TimeSpan value, string name, string usual)
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1)) faults.Add($"{name} is {value}; it must be above 0 and at most a day (default {usual}).");
        }

        void AtLeast(int value, int least, string name, int usual)
        {
            if (value < least) faults.Add($"{name} is {value}; it must be at least {least} (default {usual}).");
        }
    }
}
