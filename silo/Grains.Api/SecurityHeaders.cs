using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Grains.Api;

/// <summary>Puts the headers on every answer that tell a browser to load nothing from elsewhere, to run nothing that is written into the page, and to show it in nobody's frame.</summary>
/// <remarks>They are there before any endpoint runs: one that needs others replaces them.</remarks>
internal sealed class SecurityHeaders : IStartupFilter
{
    private const string ContentSecurityPolicy
        = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
    {
        application.Use(static (context, following) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            return following(context);
        });
        next(application);
    };
}
