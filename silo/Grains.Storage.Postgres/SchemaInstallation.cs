namespace Grains.Storage.Postgres;

/// <summary>Installs the tables as the first thing that a silo does: the membership's own start reads the queries.</summary>
internal sealed class SchemaInstallation(string connectionString) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(SchemaInstallation), ServiceLifecycleStage.First, cancellationToken => PostgresSchema.InstallAsync(connectionString, cancellationToken));
}
