using Grains.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Grains.Tests.Server.Postgres;

/// <summary>A database outside of a silo.</summary>
internal sealed class Databases : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Databases(ServiceProvider services, PostgresDatabase database) => (_services, Database) = (services, database);

    public PostgresDatabase Database { get; }

    public static Databases Open(string connectionString, int maxConcurrentCalls = 16)
    {
        var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        return new Databases(services, new PostgresDatabase(new PostgresOptions { ConnectionString = connectionString, MaxConcurrentCalls = maxConcurrentCalls }, services));
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await _services.DisposeAsync();
    }
}
