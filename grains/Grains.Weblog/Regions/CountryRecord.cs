using MaxMind.Db;

namespace Grains.Weblog.Regions;

/// <summary>What is read of a database record: the country of the flat databases, or that of GeoLite2's and GeoIP2's.</summary>
internal sealed class CountryRecord
{
    [Constructor]
    public CountryRecord([MapKey("country_code")] string? code = null, [MapKey("country")] Country? country = null) => Code = code ?? country?.Code;

    /// <summary>Two letters, or null.</summary>
    public string? Code { get; }

    /// <summary>The nested record of GeoLite2.</summary>
    internal sealed class Country
    {
        [Constructor]
        public Country([MapKey("iso_code")] string? code = null) => Code = code;

        public string? Code { get; }
    }
}
