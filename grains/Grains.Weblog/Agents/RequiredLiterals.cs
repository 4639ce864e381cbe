namespace Grains.Weblog.Agents;

/// <summary>What a text must contain for a regular expression to match it: a set of literals, one of which stands in every match.</summary>
/// <remarks>
/// Conservative: an expression that it does not understand has no required literals, and is then tried on every text. Literals are in lower case, and
/// compared with a text in lower case, so that case-insensitive expressions need nothing of their own.
/// </remarks>
internal ref struct RequiredLiterals
{
    private const int ShortestUseful = 3;
    private const int MaxExact = 24;
    private const int MaxAlternatives = 1_000;

    // Words that stand in most agents: a rule that is found by them is found too often.
    private const string Commonplace =
        "mozilla/5.0 (windows nt 10.0; linux; android like mac os x) applewebkit/537.36 (khtml, like gecko) version/4.0 chrome/ mobile safari/ build/ compatible; mobile/ http:// .com u; en-us; cpu iphone os";

    private readonly ReadOnlySpan<char> _pattern;
    private int _at;
    private bool _understood;

    private RequiredLiterals(ReadOnlySpan<char> pattern)
    {
        _pattern = pattern;
        _understood = true;
    }

    /// <summary>The literals of <paramref name="pattern"/>, in lower case and at least three characters long each; empty if there are none to rely on.</summary>
    public static IReadOnlyList<string> Of(string pattern)
    {
        var reader = new RequiredLiterals(pattern);
        var whole = reader.Alternation();
        return reader._understood && reader._at == pattern.Length && whole.Required is { } required ? [.. required.Distinct()] : [];
    }

    private Part Alternation()
    {
        List<Part> branches = [Sequence()];
        while (_at < _pattern.Length && _pattern[_at] == '|')
        {
            _at++;
            branches.Add(Sequence());
        }

        return branches.Count == 1 ? branches[0] : Part.AnyOf(branches);
    }

    private Part Sequence()
    {
        var run = new List<string> { "" };
        IReadOnlyList<string>? best = null;
        var exact = true;
        while (_at < _pattern.Length && _pattern[_at] is not ('|' or ')'))
        {
            var part = Repeated(Atom());
            if (part.Exact is { } texts && run.Count * texts.Count <= MaxExact)
            {
                run = [.. run.SelectMany(_ => texts, (before, text) => before + text)];
                continue;
            }

            best = Better(Better(best, run), part.Required);
            exact = false;
            run = part.Exact is { Count: <= MaxExact } restart ? [.. restart] : [""];
        }

        return new(exact ? run : null, Better(best, run));
    }

    private Part Repeated(Part part)
    {
        while (_at < _pattern.Length)
        {
            switch (_pattern[_at])
            {
                case '?': part = part.Optional(); break;
                case '*': part = Part.Anything; break;
                case '+': part = part.Once(); break;
                case '{' when Closing('}') is var end and > 0:
                    var least = _pattern[_at + 1];
                    part = least is >= '1' and <= '9' ? part.Once() : Part.Anything;
                    _at = end;
                    break;
                default: return part;
            }

            _at++;
            // A lazy or possessive mark changes what is tried first, not what must be there.
            if (_at < _pattern.Length && _pattern[_at] is '?' or '+') _at++;
        }

        return part;
    }

    private Part Atom()
    {
        var c = _pattern[_at++];
        switch (c)
        {
            case '(': return Group();
            case '[': return Class();
            case '\\': return Escape();
            case '.': return Part.Anything;
            case '^' or '$': return Part.Nothing;
            default: return Part.Text(c);
        }
    }

    private Part Group()
    {
        if (_at < _pattern.Length && _pattern[_at] == '?')
        {
            // Only (?:…): anything else that begins with ? may look around, or switch options.
            _understood &= _at + 1 < _pattern.Length && _pattern[_at + 1] == ':';
            _at += 2;
        }

        if (_at > _pattern.Length) return Part.Anything;

        var inside = Alternation();
        _understood &= _at < _pattern.Length;
        _at++;
        return inside;
    }

    private Part Escape()
    {
        if (_at >= _pattern.Length)
        {
            _understood = false;
            return Part.Anything;
        }

        var c = _pattern[_at++];
        if (c is 'b' or 'B') return Part.Nothing;
        if (!char.IsAsciiLetterOrDigit(c)) return Part.Text(c);

        _understood &= c is 'd' or 'D' or 'w' or 'W' or 's' or 'S';
        return Part.Anything;
    }

    private Part Class()
    {
        var members = new List<string>();
        var plain = true;
        for (var first = true; _at < _pattern.Length; first = false)
        {
            var c = _pattern[_at++];
            if (c == ']' && !first) return plain && members.Count <= 4 ? new([.. members.Distinct()], null) : Part.Anything;

            plain &= !(c == '^' && first);
            if (c == '\\' && _at < _pattern.Length)
            {
                c = _pattern[_at++];
                plain &= !char.IsAsciiLetterOrDigit(c);
            }

            plain &= !(c == '-' && !first && _at < _pattern.Length && _pattern[_at] != ']');
            members.Add(char.ToLowerInvariant(c).ToString());
        }

        _understood = false;
        return Part.Anything;
    }

    private readonly int Closing(char mark)
    {
        var length = _pattern[_at..].IndexOf(mark);
        return length < 0 || !char.IsAsciiDigit(_pattern[_at + 1]) ? -1 : _at + length;
    }

    /// <summary>The set that fewer texts contain: the one whose weakest literal is the stronger.</summary>
    private static IReadOnlyList<string>? Better(IReadOnlyList<string>? one, IReadOnlyList<string>? other)
    {
        var (left, right) = (Strength(one), Strength(other));
        if (right == 0) return left == 0 ? null : one;

        return left > right || (left == right && one!.Count <= other!.Count) ? one : other;
    }

    private static int Strength(IReadOnlyList<string>? literals)
    {
        if (literals is null || literals.Count is 0 or > MaxAlternatives) return 0;

        var weakest = int.MaxValue;
        foreach (var literal in literals)
        {
            if (literal.Length < ShortestUseful) return 0;

            weakest = Math.Min(weakest, Commonplace.Contains(literal, StringComparison.Ordinal) ? 1 : literal.Length);
        }

        return weakest;
    }

    /// <param name="Exact">All texts that it matches, where they are few.</param>
    /// <param name="Needed">Literals of which every match contains one, where <paramref name="Exact"/> does not say it.</param>
    private readonly record struct Part(IReadOnlyList<string>? Exact, IReadOnlyList<string>? Needed)
    {
        public static Part Anything => default;

        public static Part Nothing => new([""], null);

        public IReadOnlyList<string>? Required => Better(Needed, Exact);

        public static Part Text(char c) => new([char.ToLowerInvariant(c).ToString()], null);

        public static Part AnyOf(List<Part> branches)
        {
            var exact = branches.TrueForAll(b => b.Exact is not null) ? branches.SelectMany(b => b.Exact!).Distinct().ToList() : null;
            var needed = branches.TrueForAll(b => b.Required is not null) ? branches.SelectMany(b => b.Required!).Distinct().ToList() : null;
            return new(exact, needed);
        }

        public Part Once() => new(null, Required);

        public Part Optional() => Exact is { } texts ? new([.. texts, ""], null) : Anything;
    }
}
