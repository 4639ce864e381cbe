using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Grains.Weblog.Agents;

/// <summary>The rules of uap-core (https://github.com/ua-parser/uap-core), read from its <c>regexes.yaml</c>: for browsers, operating systems and devices, each in order of precedence.</summary>
internal sealed record AgentRules(IReadOnlyList<AgentRule> Browsers, IReadOnlyList<AgentRule> OperatingSystems, IReadOnlyList<AgentRule> Devices)
{
    /// <summary>Reads <paramref name="file"/>.</summary>
    /// <exception cref="WeblogDataException">It cannot be read, or is not such a file.</exception>
    public static AgentRules Load(string file)
    {
        try
        {
            using var text = File.OpenText(file);
            return Read(text);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or YamlException or InvalidDataException or ArgumentException)
        {
            throw new WeblogDataException($"The browser rules '{file}' cannot be used: {fault.Message} Name uap-core's regexes.yaml by {nameof(WeblogOptions.AgentRulesFile)}.", fault);
        }
    }

    /// <summary>Reads the rules from YAML. Sections and keys that it does not know are passed over.</summary>
    public static AgentRules Read(TextReader yaml)
    {
        // The events of the parser, not its object model: the file has some 4,000 values, and this reads them ten times faster.
        var parser = new Parser(yaml);
        parser.Consume<StreamStart>();
        parser.Consume<DocumentStart>();
        parser.Consume<MappingStart>();
        List<AgentRule> browsers = [], systems = [], devices = [];
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            switch (parser.Consume<Scalar>().Value)
            {
                case "user_agent_parsers": ReadSection(parser, "family_replacement", browsers); break;
                case "os_parsers": ReadSection(parser, "os_replacement", systems); break;
                case "device_parsers": ReadSection(parser, "device_replacement", devices); break;
                default: parser.SkipThisAndNestedEvents(); break;
            }
        }

        if (browsers.Count == 0 || systems.Count == 0 || devices.Count == 0) throw new InvalidDataException("it lacks one of user_agent_parsers, os_parsers and device_parsers.");

        return new(browsers, systems, devices);
    }

    private static void ReadSection(Parser parser, string replacementKey, List<AgentRule> rules)
    {
        parser.Consume<SequenceStart>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            parser.Consume<MappingStart>();
            string? regex = null, replacement = null;
            var ignoreCase = false;
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var key = parser.Consume<Scalar>().Value;
                var value = parser.Consume<Scalar>().Value;
                if (key == "regex") regex = value;
                else if (key == "regex_flag") ignoreCase = value.Contains('i', StringComparison.Ordinal);
                else if (key == replacementKey) replacement = value;
            }

            rules.Add(new(regex ?? throw new InvalidDataException("a rule has no regex."), ignoreCase, replacement));
        }
    }
}
