using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace HBase.Client;

/// <summary>Name of a table: a namespace and a qualifier, written <c>namespace:qualifier</c>, or <c>qualifier</c> alone in the namespace "default".</summary>
public readonly record struct TableName
{
    private const string DefaultNamespace = "default";

    /// <param name="space">The namespace.</param>
    /// <param name="qualifier">The name in it.</param>
    /// <exception cref="ArgumentException">A part is empty or has characters other than letters, digits, <c>_</c>, <c>-</c> and <c>.</c></exception>
    public TableName(string space, string qualifier)
    {
        if (!IsName(space) || !IsName(qualifier)) throw new ArgumentException($"'{space}:{qualifier}' is not a table name: letters, digits, '_', '-' and '.' only.");

        Namespace = space;
        Qualifier = qualifier;
    }

    /// <summary>The table in which HBase keeps where regions are.</summary>
    public static TableName Meta { get; } = new("hbase", "meta");

    /// <summary>The namespace.</summary>
    public string Namespace { get; }

    /// <summary>The name in the namespace.</summary>
    public string Qualifier { get; }

    /// <summary>Reads <c>namespace:qualifier</c> or <c>qualifier</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TableName name)
    {
        name = default;
        if (text is null) return false;

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var space = colon < 0 ? DefaultNamespace : text[..colon];
        var qualifier = text[(colon + 1)..];
        if (!IsName(space) || !IsName(qualifier)) return false;

        name = new TableName(space, qualifier);
        return true;
    }

    /// <summary>Reads <c>namespace:qualifier</c> or <c>qualifier</c>.</summary>
    /// <exception cref="ArgumentException">It is not a table name.</exception>
    public static TableName Parse(string text) => TryParse(text, out var name) ? name : throw new ArgumentException($"'{text}' is not a table name.", nameof(text));

    /// <summary>A text is a table name wherever one is asked for.</summary>
    public static implicit operator TableName(string text) => Parse(text);

    /// <summary>A text is a table name wherever one is asked for.</summary>
    public static TableName FromString(string text) => Parse(text);

    /// <summary><c>namespace:qualifier</c>, or <c>qualifier</c> in the namespace "default": as in the row keys of hbase:meta.</summary>
    public override string ToString() => Namespace is null or DefaultNamespace ? Qualifier ?? "" : $"{Namespace}:{Qualifier}";

    internal Protocol.TableNameMessage ToMessage() =>
        new() { Namespace = Google.Protobuf.ByteString.CopyFromUtf8(Namespace), Qualifier = Google.Protobuf.ByteString.CopyFromUtf8(Qualifier) };

    internal static TableName FromMessage(Protocol.TableNameMessage message) => new(message.Namespace.ToString(Encoding.UTF8), message.Qualifier.ToString(Encoding.UTF8));

    private static bool IsName(string? part) => part is { Length: > 0 } && part.All(static c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.');
}
