using System.Diagnostics;
using Grains.Tests.Server.Embedded;

namespace Grains.Tests.Server.Cluster;

/// <summary>One silo of a cluster under its name, through all its processes. One thing is done to it at a time.</summary>
internal sealed class ClusterNode(string name, string folder, string[] arguments) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan EvictionLimit = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly List<string> _earlier = [];
    private SiloProcess? _process;
    private SiloApi? _api;

    public string Name => name;

    /// <summary>Whether it has gone for good.</summary>
    public bool Left { get; private set; } = true;

    /// <summary>How many processes have ended that nobody had told to.</summary>
    public int Deaths { get; private set; }

    /// <summary>What its processes have said.</summary>
    public IEnumerable<string> Logs => _process is null ? _earlier : [.. _earlier, _process.Output + _process.Errors];

    /// <summary>The process, if one runs.</summary>
    public SiloProcess? Process => _process is { HasExited: false } ? _process : null;

    /// <summary>Starts a process where none runs.</summary>
    public Task StartAsync() => AloneAsync(EnsureRunningAsync);

    /// <summary>SIGKILL, and after a while a new one.</summary>
    public Task KillAsync(TimeSpan absence) => AloneAsync(async () =>
    {
        await EnsureRunningAsync();
        await _process!.KillAsync();
        await RenewAsync(absence);
    });

    /// <summary>SIGTERM, and after a while a new one.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync(TimeSpan absence)
    {
        var code = 0;
        await AloneAsync(async () =>
        {
            await EnsureRunningAsync();
            await _process!.SignalAsync("TERM");
            code = await _process.ExitAsync(StopLimit);
            await RenewAsync(absence);
        });
        return code;
    }

    /// <summary>SIGTERM, and no new one.</summary>
    public Task LeaveAsync() => AloneAsync(async () =>
    {
        if (Process is not { } process) return;

        await process.SignalAsync("TERM");
        await process.ExitAsync(StopLimit);
        await RetireAsync();
        Left = true;
    });

    /// <summary>SIGSTOP, and after a while SIGCONT: longer than the others' patience, so that they have taken it for dead. It finds out and ends, or goes on.</summary>
    public Task FreezeAsync(TimeSpan time) => AloneAsync(async () =>
    {
        await EnsureRunningAsync();
        await _process!.SignalAsync("STOP");
        await DelayAsync(time);
        await _process.SignalAsync("CONT");
        for (var began = Stopwatch.GetTimestamp(); !_process.HasExited && Stopwatch.GetElapsedTime(began) < EvictionLimit;) await DelayAsync(TimeSpan.FromMilliseconds(100));
        if (_process.HasExited) await RenewAsync(TimeSpan.Zero);
    });

    /// <summary>Its API; null where it does not answer yet.</summary>
    public async Task<SiloApi?> ApiAsync()
    {
        await _gate.WaitAsync();
        try
        {
            return Process is null ? null : _api ??= await SiloApi.FindAsync(_process!, StartLimit);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RetireAsync();
        _gate.Dispose();
    }

    private static Task DelayAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System);

    private async Task AloneAsync(Func<Task> act)
    {
        await _gate.WaitAsync();
        try
        {
            await act();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task EnsureRunningAsync()
    {
        if (Process is not null) return;
        if (_process is not null) Deaths++;

        await RenewAsync(TimeSpan.Zero);
    }

    private async Task RenewAsync(TimeSpan absence)
    {
        await RetireAsync();
        await DelayAsync(absence);
        _process = SiloProcess.Start(folder, arguments);
        Left = false;
    }

    private async Task RetireAsync()
    {
        _api?.Dispose();
        _api = null;
        if (_process is null) return;

        await _process.DisposeAsync();
        _earlier.Add(_process.Output + _process.Errors);
        _process = null;
    }
}
