using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Grains.Abstractions;
using Grains.Streams;

namespace Grains.Courses;

/// <summary>Carries course events to another process: their ids as this process has them, and beside them the names of those that are not the same everywhere.</summary>
/// <remarks>
/// <code>
/// events = int32 agents | (uint16 id | name browser | name os | name device)* | int32 sources | (uint16 id | name)* | int32 regions | (uint16 id | name)* | 12 bytes an event
/// name   = uint8 length | UTF-8
/// </code>
/// Little endian. A message names an agent once, however many events it has.
/// </remarks>
internal sealed class CourseEventCodec(CourseVocabulary vocabulary, EventClock clock) : IEventCodec<CourseEvent>
{
    private const int MaxNameBytes = 255;

    public void Write(ReadOnlySpan<CourseEvent> events, IBufferWriter<byte> writer)
    {
        var (agents, sources, regions) = (new SortedSet<ushort>(), new SortedSet<ushort>(), new SortedSet<ushort>());
        foreach (ref readonly var view in events)
        {
            agents.Add(view.Agent);
            if (view.Source >= vocabulary.Sources.WellKnown) sources.Add(view.Source);
            if (view.Region >= vocabulary.Regions.WellKnown) regions.Add(view.Region);
        }

        using var bytes = new MemoryStream();
        using (var names = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            names.Write(agents.Count);
            foreach (var id in agents)
            {
                var agent = vocabulary.Agents[id];
                names.Write(id);
                WriteName(names, vocabulary.Browsers[agent.Browser]);
                WriteName(names, vocabulary.OperatingSystems[agent.Os]);
                WriteName(names, vocabulary.Devices[agent.Device]);
            }

            WriteTable(names, sources, vocabulary.Sources);
            WriteTable(names, regions, vocabulary.Regions);
        }

        writer.Write(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        writer.Write(MemoryMarshal.AsBytes(events));
    }

    public void Read(ReadOnlySpan<byte> bytes, Span<CourseEvent> events)
    {
        var tables = new Tables(bytes);
        var agents = new Dictionary<ushort, ushort>();
        for (var count = tables.Count(); count > 0; count--)
        {
            var id = tables.Id();
            agents[id] = vocabulary.Agents.Intern(new CourseAgent(
                vocabulary.Browsers.Intern(tables.Name()), vocabulary.OperatingSystems.Intern(tables.Name()), vocabulary.Devices.Intern(tables.Name())));
        }

        var sources = tables.Table(vocabulary.Sources);
        var regions = tables.Table(vocabulary.Regions);
        var target = MemoryMarshal.AsBytes(events);
        if (tables.Rest.Length != target.Length) throw new FormatException($"{events.Length} events take {target.Length} bytes, and {tables.Rest.Length} came.");

        tables.Rest.CopyTo(target);
        var newest = 0L;
        foreach (ref var view in events)
        {
            view = view with
            {
                Agent = agents.GetValueOrDefault(view.Agent),
                Source = sources.GetValueOrDefault(view.Source, view.Source),
                Region = regions.GetValueOrDefault(view.Region, view.Region),
            };
            newest = Math.Max(newest, view.EventTime);
        }

        clock.Advance(newest);
    }

    private static void WriteTable(BinaryWriter names, SortedSet<ushort> ids, Vocabulary table)
    {
        names.Write(ids.Count);
        foreach (var id in ids)
        {
            names.Write(id);
            WriteName(names, table[id]);
        }
    }

    private static void WriteName(BinaryWriter names, string name)
    {
        var utf8 = Encoding.UTF8.GetBytes(name);
        var length = Math.Min(utf8.Length, MaxNameBytes);
        names.Write((byte)length);
        names.Write(utf8, 0, length);
    }

    private ref struct Tables(ReadOnlySpan<byte> bytes)
    {
        public ReadOnlySpan<byte> Rest { get; private set; } = bytes;

        public int Count()
        {
            var count = MemoryMarshal.Read<int>(Take(sizeof(int)));
            return count >= 0 && count <= Rest.Length ? count : throw new FormatException($"A table of {count} names does not fit into {Rest.Length} bytes.");
        }

        public ushort Id() => MemoryMarshal.Read<ushort>(Take(sizeof(ushort)));

        public string Name() => Encoding.UTF8.GetString(Take(Take(1)[0]));

        public Dictionary<ushort, ushort> Table(Vocabulary names)
        {
            var table = new Dictionary<ushort, ushort>();
            for (var count = Count(); count > 0; count--)
            {
                var id = Id();
                table[id] = names.Intern(Name());
            }

            return table;
        }

        private ReadOnlySpan<byte> Take(int length)
        {
            if (length > Rest.Length) throw new FormatException("The names of a message run past its end.");

            var taken = Rest[..length];
            Rest = Rest[length..];
            return taken;
        }
    }
}
