using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Grains.Weblog.Agents;

/// <summary>One rule of uap-core: an expression, and the family it stands for. Safe for concurrent use.</summary>
internal sealed class AgentRule
{
    // uap-core limits the repeats in its expressions, so that a match takes microseconds, and the worst agents some ten milliseconds. The limit protects from rules
    // that do not: it must never be met because the machine paused, as an agent must always be of the same family.
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(2);

    private readonly Regex _regex;
    private readonly string? _replacement;

    /// <param name="pattern">The expression, in uap-core's dialect.</param>
    /// <param name="ignoreCase">Whether letters match in either case.</param>
    /// <param name="replacement">The family, with <c>$1</c> to <c>$9</c> for what groups matched; null for what the first group matched.</param>
    /// <exception cref="ArgumentException">The expression is not one.</exception>
    public AgentRule(string pattern, bool ignoreCase, string? replacement)
    {
        _regex = new(AsciiClasses(pattern), RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None), MatchLimit);
        _replacement = replacement;
        RequiredLiterals = Agents.RequiredLiterals.Of(pattern);
    }

    /// <summary>The literals of which every agent that the rule matches contains one.</summary>
    public IReadOnlyList<string> RequiredLiterals { get; }

    /// <summary>The family of <paramref name="agent"/> by this rule; null if the rule does not match it or names no family.</summary>
    public string? Family(string agent)
    {
        Match match;
        try
        {
            match = _regex.Match(agent);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }

        if (!match.Success) return null;
        if (_replacement is null) return match.Groups.Count > 1 && match.Groups[1].Success ? match.Groups[1].Value : null;

        return _replacement.Contains('$', StringComparison.Ordinal) ? Fill(_replacement, match) : _replacement;
    }

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
