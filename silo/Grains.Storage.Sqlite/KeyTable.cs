using System.Text;

namespace Grains.Storage.Sqlite;

/// <summary>The small number that stands for a key in the tables of one name: rows in the order of these numbers are written four times cheaper than in that of their keys.</summary>
/// <remarks>Numbers start at 1, are given at a key's first write, and are never used again. What it remembers is used by the writing thread alone.</remarks>
internal sealed class KeyTable(string name)
{
    private const int Slots = 1 << 16;

    private readonly string _find = $"select id from key_{name} where key = ?1";
    private readonly string _add = $"insert into key_{name}(key) values (?1)";
    private (string? Key, long Id)[] _remembered = [];

    public string Definition { get; } = $"create table if not exists key_{name}(id integer primary key, key text not null unique)";

    /// <exception cref="ArgumentException">It is no key: 1 to 200 bytes of UTF-8.</exception>
    public static void Validate(string key)
    {
        if (string.IsNullOrEmpty(key) || (key.Length > 66 && Encoding.UTF8.GetByteCount(key) > 200))
        {
            throw new ArgumentException($"'{key}' cannot be a key: 1 to 200 bytes of UTF-8.", nameof(key));
        }
    }

    /// <summary>The number of a key; 0 where it has none.</summary>
    public long Find(Session session, string key)
    {
        var statement = session.Prepared(_find);
        statement.Bind(1, key);
        var id = statement.Step() ? statement.Integer(0) : 0;
        statement.Reset();
        return id;
    }

    /// <summary>The number of a key, given now if it has none. On the writing thread only.</summary>
    public long FindOrAdd(Session session, string key)
    {
        if (_remembered.Length == 0) _remembered = new (string?, long)[Slots];
        ref var slot = ref _remembered[(uint)string.GetHashCode(key) % Slots];
        if (slot.Key == key) return slot.Id;

        var id = Find(session, key);
        if (id == 0)
        {
            var statement = session.Prepared(_add);
            statement.Bind(1, key);
            statement.Run();
            id = session.LastInsertedRow;
        }

        slot = (key, id);
        return id;
    }

    /// <summary>Forgets what it remembers: a number given in a transaction that was undone is not given.</summary>
    public void Forget() => Array.Clear(_remembered);
}
