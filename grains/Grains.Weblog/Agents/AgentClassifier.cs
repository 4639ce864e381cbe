using System.Numerics;
using System.Text;
using Grains.Abstractions;

namespace Grains.Weblog.Agents;

/// <summary>Agent string → browser family, family of the operating system, class of the device. Shared by all parsers of a process; safe for concurrent use.</summary>
/// <remarks>Runs once per distinct agent and parser: some tens of microseconds. Parsers keep the ids of the agents they have seen.</remarks>
internal sealed class AgentClassifier
{
    /// <summary>The family that no rule gives, by uap-core's convention.</summary>
    public const string OtherFamily = "Other";

    private readonly AgentRule[] _rules;
    private readonly int _firstSystem;
    private readonly int _firstDevice;
    private readonly LiteralIndex _index;
    private readonly CourseVocabulary _vocabulary;

    public AgentClassifier(AgentRules rules, CourseVocabulary vocabulary)
    {
        _rules = [.. rules.Browsers, .. rules.OperatingSystems, .. rules.Devices];
        _firstSystem = rules.Browsers.Count;
        _firstDevice = _firstSystem + rules.OperatingSystems.Count;
        _index = new([.. _rules.Select(rule => rule.RequiredLiterals)]);
        _vocabulary = vocabulary;
    }

    /// <summary>How many rules there are, and how many of them are tried on every agent for want of a required literal.</summary>
    public (int Rules, int Always) Coverage => (_rules.Length, _rules.Count(rule => rule.RequiredLiterals.Count == 0));

    /// <summary>The agent's id in <see cref="CourseVocabulary.Agents"/>. <paramref name="utf8"/> is the field as logged: escapes of the log's format are undone.</summary>
    public ushort Classify(ReadOnlySpan<byte> utf8)
    {
        var families = Families(utf8.Contains((byte)'\\') ? LogEscapes.Undo(utf8) : Encoding.UTF8.GetString(utf8), out var device);
        return _vocabulary.Agents.Intern(new(
            _vocabulary.Browsers.Intern(families.Browser),
            _vocabulary.OperatingSystems.Intern(families.System),
            _vocabulary.Devices.Intern(device)));
    }

    /// <summary>Whether a device's class is that of programs.</summary>
    public bool IsBot(ushort agent) => _vocabulary.Devices[_vocabulary.Agents[agent].Device] == DeviceClass.Bot;

    /// <summary>The families by the rules, and the class of the device that follows from them.</summary>
    internal (string Browser, string System, string Device) Families(string agent, out string deviceClass)
    {
        if (agent is "" or "-")
        {
            deviceClass = DeviceClass.Unknown;
            return (OtherFamily, OtherFamily, OtherFamily);
        }

        Span<ulong> candidates = stackalloc ulong[_index.Words];
        Span<char> folded = agent.Length <= 2048 ? stackalloc char[agent.Length] : new char[agent.Length];
        Fold(agent, folded);
        _index.Find(folded, candidates);
        var browser = First(agent, candidates, 0, _firstSystem);
        var system = First(agent, candidates, _firstSystem, _firstDevice);
        var device = First(agent, candidates, _firstDevice, _rules.Length);
        deviceClass = DeviceClass.Of(agent, browser, system, device);
        return (browser, system, device);
    }

    /// <summary>Lower case of ASCII; everything else stays, since no rule's literal has it.</summary>
    private static void Fold(ReadOnlySpan<char> text, Span<char> folded)
    {
        for (var i = 0; i < text.Length; i++) folded[i] = char.IsAsciiLetterUpper(text[i]) ? (char)(text[i] | 0x20) : text[i];
    }

    private string First(string agent, ReadOnlySpan<ulong> candidates, int from, int to)
    {
        for (var rule = from; rule < to; rule++)
        {
            var word = candidates[rule >> 6] >> rule;
            if (word == 0)
            {
                // Nothing more in this word of 64.
                rule |= 63;
                continue;
            }

            rule += BitOperations.TrailingZeroCount(word);
            if (rule < to && _rules[rule].Family(agent) is { } family) return family;
        }

        return OtherFamily;
    }
}
