using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Storage;

namespace Grains.Storage.Postgres;

/// <summary>Rows of grain states by (type, key, number), through Orleans' AdoNet provider: one round trip each, at most <see cref="PostgresOptions.MaxConcurrentCalls"/> at a time.</summary>
/// <remarks>
/// The provider takes a text key for a number or a Guid where it can be read as one, so <c>112</c> and <c>0112</c>, or <c>cafe</c> and <c>CAFE</c>, are one row to it; and it stores the state's name but not
/// the grain's type. So a row is given to it as what it stores exactly: a number with the whole key as its extension, and a name with the type in it.
/// Its log is not ours: it reports every row that fails, and what we throw is reported by who calls us, once.
/// </remarks>
internal sealed class StateRows
{
    private static readonly GrainType RowType = GrainType.Create("row");

    private readonly PostgresDatabase _database;
    private readonly AdoNetGrainStorage _provider;
    private bool _isStarted;

    public StateRows(PostgresDatabase database, IGrainStorageSerializer serializer)
    {
        _database = database;
        var options = new AdoNetGrainStorageOptions { Invariant = "Npgsql", DataSource = database.Source, GrainStorageSerializer = serializer };
        var cluster = new ClusterOptions { ServiceId = database.ServiceId };
        _provider = new AdoNetGrainStorage(database.Activators, NullLogger<AdoNetGrainStorage>.Instance, Options.Create(options), Options.Create(cluster), "postgres");
    }

    public Task ReadAsync<T>(string type, string key, long number, IGrainState<T> state) => CallAsync(provider => provider.ReadStateAsync(type, RowId(key, number), state));

    public Task WriteAsync<T>(string type, string key, long number, IGrainState<T> state) => CallAsync(provider => provider.WriteStateAsync(type, RowId(key, number), state));

    public Task ClearAsync<T>(string type, string key, long number, IGrainState<T> state) => CallAsync(provider => provider.ClearStateAsync(type, RowId(key, number), state));

    private static GrainId RowId(string key, long number) => GrainId.Create(RowType, GrainIdKeyExtensions.CreateIntegerKey(number, Encoding.UTF8.GetBytes(key)));

    private async Task CallAsync(Func<AdoNetGrainStorage, Task> call)
    {
        await _database.Calls.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!Volatile.Read(ref _isStarted)) await StartAsync().ConfigureAwait(false);
            await call(_provider).ConfigureAwait(false);
        }
        finally
        {
            _database.Calls.Release();
        }
    }

    // The provider reads its queries once, as a part of the silo's start. Done with the first call instead, a server that is away then is a failed call and not a failed silo.
    private async Task StartAsync()
    {
        await _database.EnsureSchemaAsync(CancellationToken.None).ConfigureAwait(false);
        await _database.Starting.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_isStarted) return;

            var start = new StartOnly();
            _provider.Participate(start);
            await start.RunAsync().ConfigureAwait(false);
            Volatile.Write(ref _isStarted, true);
        }
        catch (Exception error) when (PostgresFailure.IsOurs(error))
        {
            throw PostgresFailure.Describe("Reading the queries from", _database.Settings, error);
        }
        finally
        {
            _database.Starting.Release();
        }
    }

    /// <summary>Stands for a silo to a provider that wants to be started by one.</summary>
    private sealed class StartOnly : ISiloLifecycle, IDisposable
    {
        private ILifecycleObserver? _observer;

        public int HighestCompletedStage => ServiceLifecycleStage.First;

        public int LowestStoppedStage => ServiceLifecycleStage.Last;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            _observer = observer;
            return this;
        }

        public Task RunAsync() => _observer!.OnStart(CancellationToken.None);

        public void Dispose()
        {
        }
    }
}
