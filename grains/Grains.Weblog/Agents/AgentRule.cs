using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Grains.Weblog.Agents;

/// <summary>One rule of uap-core: an expression, and the family it stands for.</summary>
/// <remarks>The expression is made ready when it is first needed: of some 1,300 a site's visitors need a few hundred. Safe for concurrent use.</remarks>
internal sealed class AgentRule(string pattern, bool ignoreCase, string? replacement)
{
    // Most rules limit their repeats, so a match takes microseconds. The limit is a protection against an agent made to be slow, not a budget: it must never be met by a pause of the machine.
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    private Regex? _regex;

    /// <summary>The literals of which every agent that the rule matches contains one.</summary>
    public IReadOnlyList<string> RequiredLiterals { get; } = Agents.RequiredLiterals.Of(pattern);

    /// <summary>The family of <paramref name="agent"/> by this rule; null if the rule does not match it or names no family.</summary>
    public string? Family(string agent)
    {
        // A race makes the same expression twice; one of them is forgotten.
        var regex = _regex ??= new Regex(AsciiClasses(pattern), Options, MatchLimit);
        Match match;
        try
        {
            match = regex.Match(agent);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }

        if (!match.Success) return null;
        if (replacement is null) return match.Groups.Count > 1 && match.Groups[1].Success ? match.Groups[1].Value : null;

        return replacement.Contains('$', StringComparison.Ordinal) ? Fill(replacement, match) : replacement;
    }

    private RegexOptions Options => RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);

    /// <summary>uap-core means ASCII by \d and \w; .NET would mean all of Unicode.</summary>
    private static string AsciiClasses(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 32);
        var classAt = -1;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                var escaped = pattern[++i];
                var members = escaped switch { 'd' => "0-9", 'w' => "a-zA-Z0-9_", _ => null };
                if (members is null) text.Append(c).Append(escaped);
                else if (classAt >= 0) text.Append(members);
                else text.Append('[').Append(members).Append(']');
                continue;
            }

            if (c == '[' && classAt >= 0) text.Append('\\');
            else if (c == '[') classAt = i;
            else if (c == ']' && i > classAt + 1) classAt = -1;
            text.Append(c);
        }

        return text.ToString();
    }

    private static string Fill(string replacement, Match match)
    {
        var text = new StringBuilder(replacement);
        for (var group = 1; group <= 9; group++)
        {
            text.Replace("$" + group.ToString(CultureInfo.InvariantCulture), group < match.Groups.Count ? match.Groups[group].Value : "");
        }

        return text.ToString().Trim();
    }
}
