using System.Runtime.CompilerServices;
using System.Text;
using Grains.Testing;
using Grains.Testing.HBase;
using HBase.Client;
using Xunit;

namespace Grains.Tests.Unit.HBase;

/// <summary>The example of the client's README is code that runs, and every option has its line there.</summary>
public sealed class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(BesideRepository.Root, "silo", "HBase.Client", "README.md"));

    [Fact]
    public async Task The_example_runs()
    {
        await using var cluster = new FakeCluster();
        using var output = new StringWriter();
        await RunAsync(cluster.Masters, output);

        Assert.StartsWith("Introduction", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(Code(Between(Readme, "```csharp\n", "```")), Code(Between(Source(), "// The example:\n", "// Its end.").Replace("masters)", "\"master1:16000,master2:16000\")", StringComparison.Ordinal).Replace("console.", "Console.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(typeof(HBaseClientOptions))]
    [InlineData(typeof(HBaseTlsOptions))]
    public void Every_option_is_in_the_readme(Type options) => Assert.All(options.GetProperties(), static option => Assert.Contains($"`{option.Name}`", Readme, StringComparison.Ordinal));

    [Fact]
    public void Every_option_of_the_storage_is_in_its_readme()
    {
        var readme = File.ReadAllText(Path.Combine(BesideRepository.Root, "silo", "Grains.Storage.HBase", "README.md"));
        Assert.All(typeof(Grains.Storage.HBase.HBaseStorageOptions).GetProperties(), option => Assert.Contains($"`{option.Name}`", readme, StringComparison.Ordinal));
    }

    private static async Task RunAsync(string masters, StringWriter console)
    {
        // The example:
        await using var client = new HBaseClient(masters);
        await client.Admin.CreateTableIfAbsentAsync(new TableDescriptor("visits", new ColumnFamilyDescriptor("f")));
        var visits = client.GetTable("visits");

        await visits.PutAsync(new Put("course 112").Add("f", "title", "Introduction"));
        var row = await visits.GetAsync(new Get("course 112"));
        if (row.TryGetValue("f"u8, "title"u8, out var title)) console.WriteLine(Encoding.UTF8.GetString(title.Span));

        await foreach (var each in visits.ScanAsync(Scan.Prefix("course "u8.ToArray()))) console.WriteLine(each);

        // Its end.
    }

    private static string Source([CallerFilePath] string path = "") => File.ReadAllText(path);

    private static string Code(string text) => string.Join('\n', text.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0));

    private static string Between(string text, string start, string end)
    {
        var from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }
}
