using Orleans.Streams;
using Orleans.Streams.Core;

namespace Grains.Tests.Server.Kafka.Provider;

/// <summary>What the tests ask of the grains that consume.</summary>
public interface IConsumer : IGrainWithStringKey
{
    Task LeaveAsync();
}

public interface IPlainConsumer : IConsumer;

public interface ISecondConsumer : IConsumer;

/// <summary>A consumer as Orleans' documentation has it: implicit, and it subscribes when it is activated.</summary>
[ImplicitStreamSubscription("plain")]
[ImplicitStreamSubscription("other")]
public sealed class PlainConsumer : Grain, IPlainConsumer
{
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Ledger.Of(this.GetPrimaryKeyString()).Note("activated");
        foreach (var streamNamespace in new[] { "plain", "other" })
        {
            await this.GetStreamProvider(StreamCluster.Name).GetStream<string?>(streamNamespace, this.GetPrimaryKeyString()).SubscribeAsync(new Observer(this.GetPrimaryKeyString(), streamNamespace));
        }
    }

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private sealed class Observer(string key, string name) : IAsyncObserver<string?>
    {
        public Task OnNextAsync(string? item, StreamSequenceToken? token = null) => Ledger.Of(key).SeeAsync(name, item, token);

        public Task OnErrorAsync(Exception ex)
        {
            Ledger.Of(key).Note($"error {ex.GetType().Name}");
            return Task.CompletedTask;
        }
    }
}

/// <summary>A second consumer of the same streams, attached in the other documented way, <c>OnSubscribed</c>.</summary>
[ImplicitStreamSubscription("plain")]
public sealed class SecondConsumer : Grain, ISecondConsumer, IStreamSubscriptionObserver, IAsyncObserver<string?>
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<string?>().ResumeAsync(this);

    public Task OnNextAsync(string? item, StreamSequenceToken? token = null) => Ledger.Of(this.GetPrimaryKeyString()).SeeAsync("second", item, token);

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
