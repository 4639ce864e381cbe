using Microsoft.Extensions.Options;

namespace Grains.Weblog;

/// <summary>Tells all that is wrong with <see cref="WeblogOptions"/> at once.</summary>
public sealed class WeblogOptionsValidator : IValidateOptions<WeblogOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, WeblogOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(WeblogOptions options)
    {
        if (!Enum.IsDefined(options.Format)) yield return Fault(nameof(options.Format), options.Format, "Auto, Combined or Tabbed", "Auto");
        if (options.LocalTimeOffset.Duration() > TimeSpan.FromHours(14)) yield return Fault(nameof(options.LocalTimeOffset), options.LocalTimeOffset, "between -14:00 and 14:00", "00:00");
        if (options.MaxLineBytes is < 256 or > 1 << 24) yield return Fault(nameof(options.MaxLineBytes), options.MaxLineBytes, "between 256 and 16,777,216", "65,536");
        if (options.FutureTolerance < TimeSpan.Zero || options.FutureTolerance > TimeSpan.FromDays(366)) yield return Fault(nameof(options.FutureTolerance), options.FutureTolerance, "between 0 and 366 days", "01:00:00");
        if (options.AgentCacheSize is < 16 or > 1_000_000) yield return Fault(nameof(options.AgentCacheSize), options.AgentCacheSize, "between 16 and 1,000,000", "10,000");
        if (options.MaxAgentBytes is < 64 or > 8_192) yield return Fault(nameof(options.MaxAgentBytes), options.MaxAgentBytes, "between 64 and 8,192", "1,024");
        if (string.IsNullOrWhiteSpace(options.AgentRulesFile)) yield return Fault(nameof(options.AgentRulesFile), "empty", "the path of uap-core's regexes.yaml", "the file beside the program");
        if (string.IsNullOrWhiteSpace(options.RegionDatabaseFile)) yield return Fault(nameof(options.RegionDatabaseFile), "empty", "the path of a database in MaxMind's format", "the file beside the program");
        if (options.OwnHosts.Any(host => string.IsNullOrWhiteSpace(host) || host.AsSpan().IndexOfAny("/:") >= 0)) yield return Fault(nameof(options.OwnHosts), string.Join(", ", options.OwnHosts), "names of hosts alone, without scheme, port and path", "none");

        foreach (var fault in Faults(options.Course)) yield return fault;
    }

    private static IEnumerable<string> Faults(CourseRule rule)
    {
        if (rule.Methods.Count == 0 || rule.Methods.Any(string.IsNullOrWhiteSpace)) yield return Fault("Course:Methods", rule.Methods.Count == 0 ? "empty" : "partly empty", "one or more methods in upper case", "GET");
        if (rule.MinStatus is < 100 or > 999) yield return Fault("Course:MinStatus", rule.MinStatus, "between 100 and 999", "200");
        if (rule.MaxStatus < rule.MinStatus || rule.MaxStatus > 999) yield return Fault("Course:MaxStatus", rule.MaxStatus, "at least Course:MinStatus, and at most 999", "299");

        var parts = (rule.Path ?? "").Split(CourseRule.IdMark);
        if (parts.Length != 2 || !parts[0].StartsWith('/')) yield return Fault("Course:Path", rule.Path, "a path that begins with / and has {id} in it once", "/class/{id}.html");
        else if (parts.Any(part => part.AsSpan().IndexOfAny(" ?\"") >= 0)) yield return Fault("Course:Path", rule.Path, "without spaces, quotes and ?", "/class/{id}.html");
    }

    private static string Fault(string setting, object? value, string mustBe, string usual) => $"Weblog: {setting} is {value}; it must be {mustBe} (default {usual}).";
}
