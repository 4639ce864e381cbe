using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Grains.Api.Page;

/// <summary>Serves the page: its one document at every address that a reader may have kept, its files for ever under names that change with their content.</summary>
internal static class PageEndpoints
{
    private const string Document = "index.html";
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps the page.</summary>
    public static void MapPage(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/", Methods, static context => Send(context, Document, isImmutable: false)).ExcludeFromDescription();
        endpoints.MapMethods("/courses/{id}", Methods, static context => Send(context, Document, isImmutable: false)).ExcludeFromDescription();
        endpoints.MapMethods("/favicon.svg", Methods, static context => Send(context, "favicon.svg", isImmutable: false)).ExcludeFromDescription();
        endpoints.MapMethods("/licences.txt", Methods, static context => Send(context, "licences.txt", isImmutable: false)).ExcludeFromDescription();
        endpoints.MapMethods("/assets/{name}", Methods, static context => Send(context, $"assets/{context.GetRouteValue("name")}", isImmutable: true)).ExcludeFromDescription();
    }

    private static Task Send(HttpContext context, string path, bool isImmutable)
    {
        var assets = (PageAssets)context.RequestServices.GetService(typeof(PageAssets))!;
        var response = context.Response;
        if (assets.Find(path) is not { } asset)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            response.ContentType = "text/plain; charset=utf-8";
            return response.WriteAsync(path == Document ? "This build has no page; the API is at /openapi/v1.json.\n" : "There is no such file.\n", context.RequestAborted);
        }

        var isCompressed = asset.Brotli is not null && Accepts(context.Request.Headers.AcceptEncoding, "br");
        var bytes = isCompressed ? asset.Brotli! : asset.Bytes;
        response.ContentType = asset.ContentType;
        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = isImmutable ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.Vary = "Accept-Encoding";
        if (isCompressed) response.Headers.ContentEncoding = "br";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    /// <summary>Whether an encoding is named and not refused (<c>;q=0</c>).</summary>
    private static bool Accepts(StringValues acceptEncoding, string encoding)
    {
        foreach (var line in acceptEncoding)
        {
            foreach (var item in (line ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                if (item == encoding || (item.StartsWith($"{encoding};", StringComparison.Ordinal) && !item.EndsWith("q=0", StringComparison.Ordinal))) return true;
            }
        }

        return false;
    }
}
