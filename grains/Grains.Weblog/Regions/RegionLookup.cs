using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Grains.Abstractions;
using MaxMind.Db;

namespace Grains.Weblog.Regions;

/// <summary>Address → country, an id of <see cref="CourseVocabulary.Regions"/>. Shared by all parsers of a process; safe for concurrent use.</summary>
/// <remarks>
/// A table by the first 16 bits of an IPv4 address, blocks of 256 below it where a country's range is finer, and again below those: filled from the database as
/// addresses come. A full table is some 8 MB; beyond the bounds the database is asked each time. Runs per record; allocates nothing once an address's network was seen.
/// </remarks>
internal sealed class RegionLookup : IDisposable
{
    // Entries: 0 = not asked yet, Finer = look in the block below, otherwise the region's id + 1.
    private const ushort Finer = ushort.MaxValue;
    private const int MaxLeaves = 4_096;

    private readonly Reader _database;
    private readonly Vocabulary _regions;
    private readonly ushort _unknown;
    private readonly ushort _private;
    private readonly ushort[] _top = new ushort[1 << 16];
    private readonly Block?[] _blocks = new Block?[1 << 16];
    private int _leaves;

    private RegionLookup(Reader database, Vocabulary regions)
    {
        _database = database;
        _regions = regions;
        _unknown = regions.Intern("ZZ");
        _private = regions.Intern("LAN");
    }

    /// <summary>The region of what has no address: the name of a host.</summary>
    public ushort Unknown => _unknown;

    /// <summary>Reads a database in MaxMind's format into memory.</summary>
    /// <exception cref="WeblogDataException">It cannot be read, or is not such a file.</exception>
    public static RegionLookup Load(string file, Vocabulary regions)
    {
        try
        {
            return new(new Reader(file, FileAccessMode.Memory), regions);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDatabaseException)
        {
            throw new WeblogDataException($"The address database '{file}' cannot be used: {fault.Message} Name one in MaxMind's format by {nameof(WeblogOptions.RegionDatabaseFile)}.", fault);
        }
    }

    /// <summary>The region of an IPv4 address.</summary>
    public ushort Find(uint address)
    {
        var entry = Volatile.Read(ref _top[address >> 16]);
        if (entry == Finer)
        {
            var block = _blocks[address >> 16]!;
            entry = Volatile.Read(ref block.Entries[(int)((address >> 8) & 255)]);
            if (entry == Finer) entry = Volatile.Read(ref block.Leaves![(address >> 8) & 255]!.Entries[(int)(address & 255)]);
        }

        return entry != 0 ? (ushort)(entry - 1) : Learn(address);
    }

    /// <summary>The region of any address.</summary>
    /// <remarks>Asks the database: a microsecond. Parsers remember the answers.</remarks>
    public ushort Find(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            Span<byte> bytes = stackalloc byte[4];
            address.TryWriteBytes(bytes, out _);
            return Find(BinaryPrimitives.ReadUInt32BigEndian(bytes));
        }

        var isPrivate = IPAddress.IsLoopback(address) || address.IsIPv6UniqueLocal || address.IsIPv6LinkLocal;
        return Ask(address, out _) ?? (isPrivate ? _private : _unknown);
    }

    public void Dispose() => _database.Dispose();

    private ushort Learn(uint address)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
        var found = Ask(new IPAddress(bytes), out var prefix);
        // Every private range is a /16 or wider: what is kept for one network of at most that size is either private or not.
        var region = found ?? (IsPrivate(address) ? _private : _unknown);
        var entry = (ushort)(region + 1);
        if (prefix <= 16)
        {
            Volatile.Write(ref _top[address >> 16], entry);
            return region;
        }

        var block = Below(ref _blocks[address >> 16], ref _top[address >> 16]);
        if (prefix <= 24)
        {
            Fill(block.Entries, (address >> 8) & 255, 24 - prefix, entry);
            return region;
        }

        var leaf = LeafOf(block, (address >> 8) & 255);
        if (leaf is not null) Fill(leaf.Entries, address & 255, 32 - prefix, entry);
        return region;
    }

    private ushort? Ask(IPAddress address, out int prefix)
    {
        try
        {
            var code = _database.Find<CountryRecord>(address, out prefix)?.Code;
            return string.IsNullOrEmpty(code) ? null : _regions.Intern(code);
        }
        catch (Exception fault) when (fault is InvalidDatabaseException or DeserializationException or ArgumentException)
        {
            // A damaged record, or an IPv6 address in a database of IPv4: nothing is known of this one address.
            prefix = 32;
            return null;
        }
    }

    private Block? LeafOf(Block block, uint index)
    {
        if (Volatile.Read(ref block.Entries[(int)index]) != Finer)
        {
            if (Volatile.Read(ref _leaves) >= MaxLeaves) return null;

            Interlocked.Increment(ref _leaves);
        }

        var leaves = Volatile.Read(ref block.Leaves) ?? Interlocked.CompareExchange(ref block.Leaves, new Block?[256], null) ?? block.Leaves;
        return Below(ref leaves[index], ref block.Entries[(int)index]);
    }

    /// <summary>The block below an entry, made if there is none.</summary>
    private static Block Below(ref Block? place, ref ushort entry)
    {
        var block = Volatile.Read(ref place);
        if (block is null)
        {
            var made = new Block();
            block = Interlocked.CompareExchange(ref place, made, null) ?? made;
        }

        // Order matters: who reads Finer must find the block.
        Volatile.Write(ref entry, Finer);
        return block;
    }

    private static void Fill(Span<ushort> entries, uint index, int freeBits, ushort entry)
    {
        var first = index & ~((1u << freeBits) - 1);
        for (var i = first; i < first + (1u << freeBits); i++) Volatile.Write(ref entries[(int)i], entry);
    }

    private static bool IsPrivate(uint address) => (address >> 24) is 10 or 127 || (address >> 20) == 0xAC1 || (address >> 16) is 0xC0A8 or 0xA9FE;

    private sealed class Block
    {
        public Entries256 Entries;
        public Block?[]? Leaves;
    }

    // In the block itself: an array beside it would be one more place to fetch for each address.
    [InlineArray(256)]
    private struct Entries256
    {
        private ushort _first;
    }
}
