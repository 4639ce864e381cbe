using Grains.Api.Live;
using Grains.Api.Page;
using Grains.Api.Wire;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Grains.Api;

/// <summary>Registers what <see cref="GrainsApiEndpoints.MapGrainsApi"/> needs, besides an <see cref="Abstractions.Questions.ICourseStatistics"/> that the host brings.</summary>
public static class GrainsApiServices
{
    private static readonly TimeSpan ReadinessLimit = TimeSpan.FromSeconds(2);

    /// <summary>Adds the HTTP API, the page, and security headers on every answer of the host.</summary>
    public static IServiceCollection AddGrainsApi(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LiveAnswers>();
        services.AddSingleton<PageAssets>();
        services.AddSingleton<IStartupFilter, SecurityHeaders>();
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        services.AddHealthChecks().AddCheck<ReadinessCheck>("statistics", tags: [ReadinessCheck.Tag], timeout: ReadinessLimit);
        services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Grains";
            document.Info.Version = "v1";
            document.Info.Description = "Live statistics of web courses. Windows are of event time, told from the newest event read; every number carries what it contains.";
            // Addresses are relative to wherever the document was read.
            document.Servers?.Clear();
            return Task.CompletedTask;
        }));
        return services;
    }
}
