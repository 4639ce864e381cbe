using Orleans.Streams;
using Orleans.Streams.Core;

namespace Grains.Tests.Server.Kafka.Provider;

/// <summary>What a consumer keeps: its number, and the token of the last event in it, in one.</summary>
[GenerateSerializer]
public sealed record Kept([property: Id(0)] string Items, [property: Id(1)] StreamSequenceToken? Token);

public interface ISavingConsumer : IConsumer;

public interface ILateConsumer : IConsumer
{
    Task SaveAsync();

    Task<string> AskAsync();
}

public interface IBatchConsumer : IConsumer;

public interface IExplicitConsumer : IConsumer
{
    /// <summary>Subscribes anew, from a token where one is given.</summary>
    Task SubscribeAsync(StreamSequenceToken? token);

    Task<int> SubscriptionsAsync();

    Task UnsubscribeAsync();
}

/// <summary>Saves its number and the token together before an event counts as delivered, and resumes from what it has saved: exact.</summary>
[ImplicitStreamSubscription("saving")]
public sealed class SavingConsumer : Grain, ISavingConsumer, IStreamSubscriptionObserver, IAsyncObserver<string?>
{
    private Kept _kept = new("", null);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (Ledger.Of(this.GetPrimaryKeyString()).Saved.TryGetValue("saving", out var saved)) _kept = (Kept)saved;
        return Task.CompletedTask;
    }

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<string?>().ResumeAsync(this, _kept.Token);

    public async Task OnNextAsync(string? item, StreamSequenceToken? token = null)
    {
        var ledger = Ledger.Of(this.GetPrimaryKeyString());
        _kept = new Kept(_kept.Items + item + ' ', token);
        ledger.Saved["saving"] = _kept;
        // The call fails after the state was saved: the event comes again, to a new activation, which resumes after it.
        try
        {
            await ledger.SeeAsync("saving", item, token);
        }
        catch (InvalidOperationException)
        {
            DeactivateOnIdle();
            throw;
        }
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

/// <summary>Saves only when it is told to, and loses the rest with its activation.</summary>
[ImplicitStreamSubscription("late")]
public sealed class LateConsumer : Grain, ILateConsumer, IStreamSubscriptionObserver, IAsyncObserver<string?>
{
    private Kept _kept = new("", null);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (Ledger.Of(this.GetPrimaryKeyString()).Saved.TryGetValue("late", out var saved)) _kept = (Kept)saved;
        return Task.CompletedTask;
    }

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<string?>().ResumeAsync(this, _kept.Token);

    public Task OnNextAsync(string? item, StreamSequenceToken? token = null)
    {
        _kept = new Kept(_kept.Items + item + ' ', token);
        return Ledger.Of(this.GetPrimaryKeyString()).SeeAsync("late", item, token);
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task SaveAsync()
    {
        Ledger.Of(this.GetPrimaryKeyString()).Saved["late"] = _kept;
        return Task.CompletedTask;
    }

    public Task<string> AskAsync() => Task.FromResult(_kept.Items);

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

/// <summary>Takes events by the list.</summary>
[ImplicitStreamSubscription("batch")]
public sealed class BatchConsumer : Grain, IBatchConsumer, IStreamSubscriptionObserver, IAsyncBatchObserver<string?>
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<string?>().ResumeAsync(this);

    public Task OnNextAsync(IList<SequentialItem<string?>> items) =>
        Ledger.Of(this.GetPrimaryKeyString()).SeeAsync("batch", string.Join('+', items.Select(item => item.Item)), items[^1].Token);

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

/// <summary>Subscribes when it is asked to, and resumes its subscriptions when it is activated, as the documentation says.</summary>
public sealed class ExplicitConsumer : Grain, IExplicitConsumer, IAsyncObserver<string?>
{
    private IAsyncStream<string?> Stream => this.GetStreamProvider(StreamCluster.Name).GetStream<string?>("explicit", this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var handle in await Stream.GetAllSubscriptionHandles()) await handle.ResumeAsync(this);
    }

    public Task SubscribeAsync(StreamSequenceToken? token) => Stream.SubscribeAsync(this, token);

    public async Task<int> SubscriptionsAsync() => (await Stream.GetAllSubscriptionHandles()).Count;

    public async Task UnsubscribeAsync()
    {
        foreach (var handle in await Stream.GetAllSubscriptionHandles()) await handle.UnsubscribeAsync();
    }

    public Task OnNextAsync(string? item, StreamSequenceToken? token = null) => Ledger.Of(this.GetPrimaryKeyString()).SeeAsync("explicit", item, token);

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
