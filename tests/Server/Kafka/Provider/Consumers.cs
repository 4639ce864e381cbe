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
public sealed class PlainConsumer : Grain, IPlainConsumer, IAsyncObserver<string?>
{
    private string _name = "";

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Ledger.Of(this.GetPrimaryKeyString()).Note("activated");
        foreach (var streamNamespace in new[] { "plain", "other" })
        {
            var observer = new Named(this, streamNamespace);
            await this.GetStreamProvider(StreamCluster.Name).GetStream<string?>(streamNamespace, this.GetPrimaryKeyString()).SubscribeAsync(observer);
        }
    }

    public Task OnNextAsync(string? item, StreamSequenceToken? token = null) => Ledger.Of(this.GetPrimaryKeyString()).SeeAsync(_name, item, token);

    public Task OnErrorAsync(Exception ex)
    {
        Ledger.Of(this.GetPrimaryKeyString()).Note($"error {ex.GetType().Name}");
        return Task.CompletedTask;
    }

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private sealed class Named(PlainConsumer grain, string name) : IAsyncObserver<string?>
    {
        public Task OnNextAsync(string? item, StreamSequenceToken? token = null)
        {
            grain._name = name;
            return grain.OnNextAsync(item, token);
        }

        public Task OnErrorAsync(Exception ex) => grain.OnErrorAsync(ex);
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
