namespace Grains.Weblog;

/// <summary>Which requests are views of a course, as data.</summary>
public sealed class CourseRule
{
    /// <summary>Where the course id stands in <see cref="Path"/>.</summary>
    public const string IdMark = "{id}";

    /// <summary>The methods that count. Default: GET. Too few: views are missing; with HEAD or POST: health checks and forms count as views.</summary>
    public IList<string> Methods { get; set; } = ["GET"];

    /// <summary>The lowest status that counts. Default 200.</summary>
    public int MinStatus { get; set; } = 200;

    /// <summary>The highest status that counts. Default 299; at 399 redirects and pages that the browser had already count too, at 599 failures do.</summary>
    public int MaxStatus { get; set; } = 299;

    /// <summary>The path of a course's page: <c>{id}</c> once, text before and behind it. Default <c>/class/{id}.html</c>.</summary>
    public string Path { get; set; } = "/class/" + IdMark + ".html";

    /// <summary>Whether a query (<c>?from=mail</c>) is taken off before the path is compared. Default true; if false, such requests are not views.</summary>
    public bool IgnoreQuery { get; set; } = true;

    /// <summary>Whether ids are digits only. Default false: any id that <c>CourseId</c> takes; if true, <c>/class/index.html</c> is not a course.</summary>
    public bool DigitsOnly { get; set; }
}
