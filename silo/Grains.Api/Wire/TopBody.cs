using Grains.Abstractions.Questions;

namespace Grains.Api.Wire;

/// <summary>The courses with the most views.</summary>
/// <param name="Window">The window, and the views of all courses in it.</param>
/// <param name="CourseCount">How many courses have views in it.</param>
/// <param name="Courses">Most views first.</param>
/// <param name="MissingSilos">Silos that did not answer: their courses are not in here.</param>
internal sealed record TopBody(NamedWindowBody Window, long CourseCount, CourseViewsBody[] Courses, int MissingSilos)
{
    /// <summary>The same as JSON has it.</summary>
    public static TopBody From(TopAnswer answer)
    {
        var courses = new CourseViewsBody[answer.Courses.Count];
        for (var i = 0; i < courses.Length; i++)
        {
            var course = answer.Courses[i];
            courses[i] = new CourseViewsBody(course.Course.Value, course.Views);
        }

        return new TopBody(NamedWindowBody.From(answer.Of), answer.CourseCount, courses, answer.MissingSilos);
    }
}

/// <summary>Views of one course.</summary>
internal readonly record struct CourseViewsBody(string Course, long Views);
