using Grains.Abstractions;
using Grains.Abstractions.Questions;

namespace Grains.Api.Requests;

/// <summary>Makes questions of requests.</summary>
internal static class Questions
{
    /// <summary>Dimensions are counted by the minute, so no second has any.</summary>
    private static readonly WindowSpan[] DimensionWindows = [WindowSpan.Minute, WindowSpan.TenMinutes, WindowSpan.Hour, WindowSpan.Day, WindowSpan.AllTime];

    private static readonly WindowSpan[] Resolutions = [WindowSpan.Second, WindowSpan.Minute, WindowSpan.TenMinutes, WindowSpan.Hour, WindowSpan.Day, WindowSpan.AllTime];

    private static readonly WindowSpan[] TopWindows = [WindowSpan.Minute, WindowSpan.TenMinutes, WindowSpan.Hour, WindowSpan.AllTime];

    /// <summary>Reads a question about one course; <paramref name="reader"/> knows what is wrong with it.</summary>
    public static (CourseId Course, CourseQuestion Question) OfCourse(ref RequestReader reader, string id, in CourseParameters parameters)
    {
        var course = reader.Course(id);
        var of = reader.Window("window", parameters.Window, WindowSpan.Hour, DimensionWindows);
        var resolution = reader.Window("resolution", parameters.Resolution, WindowSpan.Minute, Resolutions);
        var most = resolution == WindowSpan.Second ? CourseQuestion.MaxSeconds : CourseQuestion.MaxPoints;
        var points = reader.Number("points", parameters.Points, 60, 0, most);
        var top = reader.Number("top", parameters.Top, 10, 1, CourseQuestion.MaxTop);
        var offset = reader.UtcOffset("tz", parameters.Tz);
        return (course, new CourseQuestion(of, points == 0 ? WindowSpan.AllTime : resolution, points, top, offset));
    }

    /// <summary>Reads a question about all courses.</summary>
    public static TopQuestion OfTop(ref RequestReader reader, in TopParameters parameters)
        => new(reader.Number("top", parameters.Top, 20, 1, TopQuestion.MaxCount), reader.Window("window", parameters.Window, WindowSpan.Hour, TopWindows));

    /// <summary>Reads what to export: a set of dimensions by name.</summary>
    public static HashSet<string> OfExport(ref RequestReader reader, string? resolution, string? dims)
    {
        _ = reader.Window("resolution", resolution, WindowSpan.Minute, [WindowSpan.Minute]);
        if (string.IsNullOrEmpty(dims)) return ["views", "client", "region"];

        var wanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in dims.Split(',', StringSplitOptions.TrimEntries))
        {
            if (name is "views" or "client" or "os" or "device" or "region" or "source") wanted.Add(name);
            else reader.Fault("dims", $"'{RequestReader.Shown(name)}' is none of views, client, os, device, region, source.");
        }

        return wanted;
    }
}
