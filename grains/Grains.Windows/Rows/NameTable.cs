using Grains.Abstractions;

namespace Grains.Windows.Rows;

/// <summary>What the codes of a body stand for.</summary>
internal sealed class NameTable(CourseVocabulary vocabulary)
{
    /// <summary>The id in this process of the reader's present value. A name that has none yet is given one, or that of <see cref="Vocabulary.Other"/> where there is no room.</summary>
    /// <exception cref="FormatException">The code is of a later version.</exception>
    public uint IdOf(ref BodyReader body) => body.Kind switch
    {
        TallyKind.Region => IdOf(vocabulary.Regions, body.Code, body.Names),
        TallyKind.Source => IdOf(vocabulary.Sources, body.Code, body.Names),
        _ => vocabulary.Agents.Intern(new CourseAgent(
            IdOf(vocabulary.Browsers, body.Code, body.Names),
            IdOf(vocabulary.OperatingSystems, body.OsCode, body.Names),
            IdOf(vocabulary.Devices, body.DeviceCode, body.Names))),
    };

    /// <summary>The name of a region, a source or an agent's browser.</summary>
    public string NameOf(ref BodyReader body) => NameOf(
        body.Kind switch { TallyKind.Region => vocabulary.Regions, TallyKind.Source => vocabulary.Sources, _ => vocabulary.Browsers }, body.Code, body.Names);

    /// <summary>The name of an agent's operating system.</summary>
    public string OsOf(ref BodyReader body) => NameOf(vocabulary.OperatingSystems, body.OsCode, body.Names);

    /// <summary>The name of an agent's device.</summary>
    public string DeviceOf(ref BodyReader body) => NameOf(vocabulary.Devices, body.DeviceCode, body.Names);

    private static ushort IdOf(Vocabulary known, uint code, string[] names)
    {
        if ((code & 1) != 0) return known.Intern(NameOf(known, code, names));
        return code >> 1 < known.WellKnown ? (ushort)(code >> 1) : throw Unknown();
    }

    private static string NameOf(Vocabulary known, uint code, string[] names)
    {
        var index = (int)(code >> 1);
        if ((code & 1) == 0) return index < known.WellKnown ? known[index] : throw Unknown();
        return index < names.Length ? names[index] : throw RowFormat.Damaged("a name is missing");
    }

    private static FormatException Unknown() => new("The row has a name of a later version.");
}
