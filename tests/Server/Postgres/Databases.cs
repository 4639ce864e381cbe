using Grains.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Serialization;

namespace Grains.Tests.Server.Postgres;

/// <summary>A database outside of a silo, and its clock.</summary>
internal sealed class Databases : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Databases(string connectionString, int maxConcurrentCalls)
    {
        _services = new ServiceCollection().AddSerializer().AddSingleton<TimeProvider>(Time).BuildServiceProvider();
        Database = new PostgresDatabase(new PostgresOptions { ConnectionString = connectionString, MaxConcurrentCalls = maxConcurrentCalls }, _services);
    }

    public FakeTimeProvider Time { get; } = new();

    public PostgresDatabase Database { get; }

    public static Databases Open(string connectionString, int maxConcurrentCalls = 16) => new(connectionString, maxConcurrentCalls);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await _services.DisposeAsync();
    }
}
