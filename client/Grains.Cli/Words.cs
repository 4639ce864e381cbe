using System.Globalization;

namespace Grains.Cli;

/// <summary>Numbers and names as people read them.</summary>
internal static class Words
{
    /// <summary>1,234,567.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>12.3%; a dash of nothing.</summary>
    public static string Share(long part, long of) => of <= 0 ? "-" : (100.0 * part / of).ToString("0.0", CultureInfo.InvariantCulture) + "%";

    /// <summary>A time of day here.</summary>
    public static string Clock(DateTimeOffset time, bool withSeconds = false)
        => time.ToLocalTime().ToString(withSeconds ? "yyyy-MM-dd HH:mm:ss" : "HH:mm", CultureInfo.InvariantCulture);

    /// <summary>An amount of a partition: bytes in steps of a thousand, or records.</summary>
    public static string Amount(long amount, string unit)
    {
        if (unit != "By") return $"{Number(amount)} records";

        string[] names = ["B", "kB", "MB", "GB", "TB"];
        double shown = amount;
        var name = 0;
        for (; shown >= 1000 && name < names.Length - 1; name++) shown /= 1000;
        return $"{shown.ToString(name > 0 && shown < 10 ? "0.0" : "0", CultureInfo.InvariantCulture)} {names[name]}";
    }

    /// <summary>The same text without control characters: a name from a log must not steer the terminal.</summary>
    public static string Clean(string text)
        => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\u00b7' : c)) : text;

    /// <summary>What the current window of that name is called.</summary>
    public static string Window(string? name) => name switch
    {
        "1m" => "this minute",
        "10m" => "these ten minutes",
        "1h" => "this hour",
        "1d" => "today",
        _ => "of all time",
    };
}
