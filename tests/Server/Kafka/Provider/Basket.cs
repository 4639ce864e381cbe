using Orleans.Streams;
using Orleans.Streams.Core;

namespace Grains.Tests.Server.Kafka.Provider;

/// <summary>Asks a basket.</summary>
public interface IBasket : IGrainWithStringKey
{
    Task<int> SumAsync();
}

/// <summary>A number, and the last event that is in it, saved as one.</summary>
[GenerateSerializer]
public sealed class BasketState
{
    [Id(0)] public int Sum { get; set; }

    [Id(1)] public StreamSequenceToken? Token { get; set; }
}

/// <summary>The grain of the README's example.</summary>
[ImplicitStreamSubscription("orders")]
public sealed class Basket([PersistentState("basket")] IPersistentState<BasketState> state) : Grain, IBasket, IStreamSubscriptionObserver, IAsyncObserver<int>
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<int>().ResumeAsync(this, state.State.Token);

    public Task OnNextAsync(int item, StreamSequenceToken? token = null)
    {
        (state.State.Sum, state.State.Token) = (state.State.Sum + item, token);
        return state.WriteStateAsync();
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task<int> SumAsync() => Task.FromResult(state.State.Sum);
}
