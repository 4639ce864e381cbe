using System.Globalization;

namespace Grains.Tests.Unit.Weblog;

/// <summary>The benchmark's ranges of addresses, searched as its oracle does: the last range that begins at or before an address, if the address is in it.</summary>
internal sealed class CountryRanges
{
    private readonly uint[] _starts;
    private readonly uint[] _ends;
    private readonly string[] _countries;

    public CountryRanges(string file)
    {
        var rows = File.ReadLines(file).Select(line => line.Split(',')).ToArray();
        _starts = [.. rows.Select(row => uint.Parse(row[0], CultureInfo.InvariantCulture))];
        _ends = [.. rows.Select(row => uint.Parse(row[1], CultureInfo.InvariantCulture))];
        _countries = [.. rows.Select(row => row[2])];
    }

    public string Country(uint address)
    {
        var at = Array.BinarySearch(_starts, address);
        if (at < 0) at = ~at - 1;
        // Ranges may begin at the same address: the last of them counts.
        while (at + 1 < _starts.Length && _starts[at + 1] == address) at++;
        return at >= 0 && address <= _ends[at] ? _countries[at] : "ZZ";
    }

    /// <summary>The first and last address of every range, and the addresses before and behind it.</summary>
    public IEnumerable<uint> Edges() => _starts.Concat(_ends).SelectMany(edge => (uint[])[edge - 1, edge, edge + 1]);
}
