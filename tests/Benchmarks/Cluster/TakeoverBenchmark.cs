using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;

namespace Grains.Benchmarks.Cluster;

/// <summary>How long the slowest course stands still when a silo of three joins, leaves (SIGTERM) or dies (SIGKILL) under load.</summary>
/// <remarks>
/// Marked courses, each with a key and so in one partition, spread over silos and partitions, get a view every 200 ms beside a load on others; each is asked for through a silo that stays. The pause of a course is the longest time from a view's
/// sending until an answer has it; at rest that is the delay of reading and asking.
/// </remarks>
internal static class TakeoverBenchmark
{
    private const int Marked = 40;
    private const int LoadPerTick = 400;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(25);

    /// <summary>Arguments: brokers, an empty topic with several partitions, PostgreSQL's connection string of an empty database, uap-core's regexes.yaml, the address database.</summary>
    public static async Task<int> RunAsync(string bootstrap, string topic, string postgres, string rules, string regions)
    {
        using var end = new CancellationTokenSource();
        var folder = Directory.CreateTempSubdirectory("grains-takeover-");
        var silos = new Silos(bootstrap, topic, postgres, rules, regions, folder.FullName);
        try
        {
            await silos.StartAsync(1);
            await silos.StartAsync(2);
            await silos.ReadyAsync(1);
            var pauses = new Pauses(silos.Address(1));
            var sending = SendAsync(bootstrap, topic, pauses, end.Token);
            var asking = pauses.AskAsync(end.Token);

            await silos.ReadyAsync(2);
            await ShowAsync("two silos, at rest", pauses, () => Task.CompletedTask);
            await ShowAsync("a third joins", pauses, () => silos.StartAsync(3));
            await ShowAsync("SIGTERM of one", pauses, () => silos.SignalAsync(3, "TERM"));
            await ShowAsync("it comes back", pauses, () => silos.StartAsync(3));
            await ShowAsync("SIGKILL of one, a new one at once", pauses, async () =>
            {
                await silos.SignalAsync(3, "KILL");
                await silos.StartAsync(3);
            });
            await ShowAsync("SIGKILL of one, and no other", pauses, () => silos.SignalAsync(3, "KILL"));
            await end.CancelAsync();
            await Task.WhenAll(sending, asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return 0;
        }
        finally
        {
            silos.End();
            folder.Delete(recursive: true);
        }
    }

    private static async Task ShowAsync(string what, Pauses pauses, Func<Task> act)
    {
        pauses.Begin();
        await act();
        await Task.Delay(Settling, TimeProvider.System);
        var (slowest, median) = pauses.End();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-36} slowest course {slowest.TotalSeconds,6:F2} s, median course {median.TotalSeconds,6:F2} s"));
    }

    private static async Task SendAsync(string bootstrap, string topic, Pauses pauses, CancellationToken cancellationToken)
    {
        using var producer = new ProducerBuilder<byte[]?, byte[]>(new ProducerConfig { BootstrapServers = bootstrap, LingerMs = 1, CompressionType = CompressionType.Lz4, StickyPartitioningLingerMs = 1 }).Build();
        using var tick = new PeriodicTimer(Tick);
        for (var number = 0; await tick.WaitForNextTickAsync(cancellationToken); number++)
        {
            var now = TimeProvider.System.GetUtcNow();
            for (var i = 0; i < LoadPerTick; i++) producer.Produce(topic, Line(null, 1 + (((number * LoadPerTick) + i) * 7919 % 1000), now));
            for (var i = 0; i < Marked; i++)
            {
                pauses.Sent(i);
                producer.Produce(topic, Line(BitConverter.GetBytes(i), Pauses.Course(i), now));
            }
        }
    }

    private static Message<byte[]?, byte[]> Line(byte[]? key, int course, DateTimeOffset now) => new()
    {
        Key = key,
        Value = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"203.0.113.7 - - [{now:dd/MMM/yyyy:HH:mm:ss} +0000] \"GET /class/{course}.html HTTP/1.1\" 200 5123 \"-\" \"Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0\"")),
    };

    /// <summary>What was sent of each marked course and not yet seen.</summary>
    private sealed class Pauses(Uri silo)
    {
        private readonly Lock _gate = new();
        private readonly Queue<long>[] _waiting = [.. Enumerable.Range(0, Marked).Select(_ => new Queue<long>())];
        private readonly long[] _seen = new long[Marked];
        private readonly TimeSpan[] _longest = new TimeSpan[Marked];

        public static int Course(int number) => 900_001 + number;

        public void Begin()
        {
            lock (_gate) Array.Clear(_longest);
        }

        public (TimeSpan Slowest, TimeSpan Median) End()
        {
            lock (_gate)
            {
                for (var i = 0; i < Marked; i++) Note(i);
                var sorted = _longest.Order().ToList();
                return (sorted[^1], sorted[Marked / 2]);
            }
        }

        public void Sent(int number)
        {
            lock (_gate) _waiting[number].Enqueue(Stopwatch.GetTimestamp());
        }

        public Task AskAsync(CancellationToken cancellationToken)
        {
            var http = new HttpClient { BaseAddress = silo, Timeout = TimeSpan.FromSeconds(1) };
            return Task.WhenAll(Enumerable.Range(0, Marked).Select(number => AskAsync(http, number, cancellationToken)));
        }

        private async Task AskAsync(HttpClient http, int number, CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                try
                {
                    using var answer = JsonDocument.Parse(await http.GetStringAsync($"/v1/courses/{Course(number)}", cancellationToken));
                    Saw(number, answer.RootElement.GetProperty("views").GetInt64());
                }
                catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
                {
                    // Asked again: what is not answered is a part of the pause.
                }

                await Task.Delay(Look, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        private void Saw(int number, long views)
        {
            lock (_gate)
            {
                for (; _seen[number] < views && _waiting[number].Count > 0; _seen[number]++)
                {
                    Note(number);
                    _waiting[number].Dequeue();
                }
            }
        }

        // What still waits counts with the time that it has waited.
        private void Note(int number)
        {
            if (_waiting[number].TryPeek(out var sent) && Stopwatch.GetElapsedTime(sent) is var pause && pause > _longest[number]) _longest[number] = pause;
        }
    }

    private sealed class Silos(string bootstrap, string topic, string postgres, string rules, string regions, string folder)
    {
        private const int FirstPort = 18090;
        private readonly Dictionary<int, Process> _processes = [];

        public Uri Address(int number) => new($"http://localhost:{FirstPort + number}");

        public Task StartAsync(int number)
        {
            string[] arguments =
            [
                Path.Combine(AppContext.BaseDirectory, "Grains.Silo.dll"), "--kafka", bootstrap, "--topic", topic, "--group", topic, "--postgres", postgres, "--name", $"silo-{number}",
                "--http", $"{FirstPort + number}", "--set", $"Cluster:Port={FirstPort + 100 + number}", "--ua-rules", rules, "--geo", regions,
            ];
            _processes[number] = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
            _processes[number].OutputDataReceived += static (_, _) => { };
            _processes[number].BeginOutputReadLine();
            return Task.CompletedTask;
        }

        public async Task ReadyAsync(int number)
        {
            using var http = new HttpClient { BaseAddress = Address(number), Timeout = TimeSpan.FromSeconds(2) };
            while (true)
            {
                try
                {
                    await http.GetStringAsync("/v1/status");
                    return;
                }
                catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !_processes[number].HasExited)
                {
                    await Task.Delay(Look, TimeProvider.System);
                }
            }
        }

        public async Task SignalAsync(int number, string signal)
        {
            using var kill = Process.Start("kill", [$"-{signal}", $"{_processes[number].Id}"]);
            await kill.WaitForExitAsync();
            await _processes[number].WaitForExitAsync();
        }

        public void End()
        {
            foreach (var process in _processes.Values.Where(process => !process.HasExited)) process.Kill();
        }
    }
}
