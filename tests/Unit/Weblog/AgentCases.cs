using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Grains.Tests.Unit.Weblog;

/// <summary>uap-core's own test cases: an agent string, and the family that the rules must give it.</summary>
internal static class AgentCases
{
    public static IReadOnlyList<(string Agent, string Family)> Load(string file)
    {
        using var text = File.OpenText(file);
        var parser = new Parser(text);
        var cases = new List<(string, string)>();
        string? agent = null;
        while (parser.MoveNext())
        {
            if (parser.Current is not Scalar { Value: var key } || key is not ("user_agent_string" or "family")) continue;

            parser.MoveNext();
            var value = ((Scalar)parser.Current!).Value;
            if (key == "user_agent_string") agent = value;
            else cases.Add((agent!, value));
        }

        return cases;
    }
}
