using System.Runtime.CompilerServices;
using Xunit;

namespace Grains.Tests.Unit.Weblog;

/// <summary>Data beside the repository that tests use where it is there.</summary>
internal static class Shared
{
    /// <summary>A file or folder of the data beside the repository. The test is skipped where it is absent.</summary>
    public static string Path(string relative, [CallerFilePath] string thisFile = "")
    {
        var root = new DirectoryInfo(System.IO.Path.GetDirectoryName(thisFile)!);
        while (root is not null && !File.Exists(System.IO.Path.Combine(root.FullName, "Grains.sln"))) root = root.Parent;

        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(root?.FullName ?? ".", "..", "shared", relative));
        Assert.SkipUnless(System.IO.Path.Exists(path), $"../shared/{relative} is not there");
        return path;
    }
}
