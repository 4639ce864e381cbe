using System.Text;
using Grains.Weblog;
using Grains.Weblog.Lines;
using Xunit;

namespace Grains.Tests.Unit.Weblog;

public sealed class CourseMatcherTests
{
    [Theory]
    [InlineData("GET", "/class/112.html", 200, "112")]
    [InlineData("GET", "/class/112.html", 206, "112")]
    [InlineData("GET", "/class/112.html?from=mail", 200, "112")]
    [InlineData("GET", "/class/112.html?next=/class/113.html", 200, "112")]
    [InlineData("GET", "/class/edX+Demo.html", 200, "edX+Demo")]
    public void Page_of_a_course_is_a_view(string method, string target, int status, string course) => Assert.Equal((LineOutcome.Kept, course), Match(new(), method, target, status));

    [Theory]
    [InlineData("POST", "/class/112.html", 200, LineOutcome.NotGet)]
    [InlineData("HEAD", "/class/112.html", 200, LineOutcome.NotGet)]
    [InlineData("get", "/class/112.html", 200, LineOutcome.NotGet)]
    [InlineData("GET", "/class/112.html", 404, LineOutcome.NotSuccess)]
    [InlineData("GET", "/class/112.html", 199, LineOutcome.NotSuccess)]
    [InlineData("GET", "/class/112.html", 300, LineOutcome.NotSuccess)]
    [InlineData("GET", "/class/112", 200, LineOutcome.NotCourse)]
    [InlineData("GET", "/class/.html", 200, LineOutcome.NotCourse)]
    [InlineData("GET", "/class/1/2.html", 200, LineOutcome.NotCourse)]
    [InlineData("GET", "/classroom/1", 200, LineOutcome.NotCourse)]
    [InlineData("GET", "/class/112?x=.html", 200, LineOutcome.NotCourse)]
    [InlineData("GET", "/class/\u8bfe.html", 200, LineOutcome.NotCourse)]
    public void Everything_else_is_skipped(string method, string target, int status, LineOutcome reason) => Assert.Equal((reason, ""), Match(new(), method, target, status));

    [Fact]
    public void Rule_is_data()
    {
        var rule = new CourseRule { Methods = ["GET", "HEAD"], MinStatus = 200, MaxStatus = 304, Path = "/courses/{id}/about", IgnoreQuery = false, DigitsOnly = true };

        Assert.Equal((LineOutcome.Kept, "7"), Match(rule, "HEAD", "/courses/7/about", 304));
        Assert.Equal((LineOutcome.NotCourse, ""), Match(rule, "GET", "/courses/7/about?x", 200));
        Assert.Equal((LineOutcome.NotCourse, ""), Match(rule, "GET", "/courses/x/about", 200));
        Assert.Equal((LineOutcome.Kept, "x"), Match(new() { Path = "/c/{id}" }, "GET", "/c/x?y=1", 200));
    }

    private static (LineOutcome Outcome, string Course) Match(CourseRule rule, string method, string target, int status)
    {
        var fields = new LineFields { Method = Encoding.UTF8.GetBytes(method), Target = Encoding.UTF8.GetBytes(target), Status = status };
        var outcome = new CourseMatcher(rule).Match(in fields, out var course);
        return (outcome, Encoding.UTF8.GetString(course));
    }
}
