using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Grains.Tests.Unit.Architecture;

/// <summary>The table of rooms in ARCHITECTURE.md is what the project files say.</summary>
public sealed partial class ProjectReferences
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void Projects_refer_to_each_other_as_the_architecture_says()
    {
        var table = Row().Matches(File.ReadAllText(Path.Combine(Root, "ARCHITECTURE.md")))
            .ToDictionary(row => row.Groups["path"].Value, row => Names(row.Groups["names"].Value));
        var projects = new[] { "grains", "silo", "client" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories))
            .ToDictionary(
                file => Path.GetRelativePath(Root, Path.GetDirectoryName(file)!).Replace('\\', '/'),
                file => XDocument.Load(file).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))).Order().ToArray());

        Assert.Equal(Describe(table), Describe(projects));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Root, "Grains.sln")).Replace('\\', '/');
        var missing = new[] { "grains", "silo", "client", "tests" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !solution.Contains($"\"{file}\"", StringComparison.Ordinal));

        Assert.Empty(missing);
    }

    private static string[] Names(string cell) => [.. cell
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(name => name.StartsWith("HBase.", StringComparison.Ordinal) ? name : $"Grains.{name}")
        .Order()];

    private static string[] Describe(Dictionary<string, string[]> references) => [.. references.Select(project => $"{project.Key} → {string.Join(", ", project.Value)}").Order()];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Grains.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("Grains.sln is in no folder above the tests.");
    }

    [GeneratedRegex(@"^\| (?<path>(grains|silo|client)/\S+) \| (?<names>[^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
