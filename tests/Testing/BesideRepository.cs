using Xunit;

namespace Grains.Testing;

/// <summary>What tests use where it is there: the folder <c>shared</c> beside the repository, and programs of this machine.</summary>
/// <remarks>What is absent skips a test at home; with <c>CI=true</c> it fails.</remarks>
public static class BesideRepository
{
    private static readonly bool MustBeThere = Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>The repository's folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file or folder of <c>../shared</c>.</summary>
    public static string Shared(string relative)
    {
        var path = Path.GetFullPath(Path.Combine(Root, "..", "shared", relative));
        Require(Path.Exists(path), $"../shared/{relative} is not there");
        return path;
    }

    /// <summary>A program on the path.</summary>
    public static void Program(string name, string package) => Require(
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name))),
        $"the program '{name}' is not there (Debian's package {package} has it)");

    /// <summary>Skips the test where <paramref name="condition"/> does not hold.</summary>
    public static void Require(bool condition, string reason)
    {
        if (MustBeThere) Assert.True(condition, reason);
        else Assert.SkipUnless(condition, reason);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Grains.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("Grains.sln is in no folder above the tests.");
    }
}
