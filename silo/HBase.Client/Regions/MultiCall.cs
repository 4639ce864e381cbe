using System.Text;
using HBase.Client.Protocol;
using HBase.Client.Rpc;

namespace HBase.Client.Regions;

/// <summary>
/// Operations on many rows of one server. <c>MultiRequest: 1 regionAction*{1 region, 2 atomic, 3 action*{1 index, 2 mutation, 3 get}, 4 condition}, 2 nonceGroup</c>.
/// <c>MultiResponse: 1 regionActionResult*{1 resultOrException*{1 index, 2 result, 3 exception}, 2 exception, 3 processed}</c>.
/// </summary>
/// <remarks>Results stand in the order of the region actions, and inside by index. Several mutations of one row, and conditional ones, are a region action each.</remarks>
internal sealed class MultiCall(List<RegionActions> regions, BatchItem[] items, ulong nonceGroup) : RpcCall
{
    public override ReadOnlySpan<byte> Method => "Multi"u8;

    public override int ExpectedBytes => regions.Sum(static region => region.Size + region.Region.Specifier.Length + 16);

    public override void WriteMessage(FrameBuffer buffer)
    {
        foreach (var actions in regions)
        {
            var mark = buffer.Begin(1, actions.Size + actions.Region.Specifier.Length + 8);
            buffer.WriteRaw(actions.Region.Specifier);
            if (actions.IsGroup) WriteGroup(buffer, actions.Items);
            else WriteSingle(buffer, items[actions.Items[0]]);
            buffer.End(mark);
        }

        buffer.WriteUInt64(2, nonceGroup);
    }

    public override void ReadAnswer(ReadOnlySpan<byte> message, ReadOnlySpan<byte> cells)
    {
        var position = 0;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }

            if (position == regions.Count) throw new WireFormatException("More regions answered than were asked.");
            ReadRegion(reader.ReadBytes(), regions[position++], ref cells);
        }
    }

    private void WriteGroup(FrameBuffer buffer, List<int> indexes)
    {
        for (var i = 0; i < indexes.Count; i++)
        {
            var item = items[indexes[i]];
            var mark = buffer.Begin(3, item.Operation.Size + 12);
            buffer.WriteUInt64(1, (uint)i);
            if (item.Operation is Get get) RequestEncoder.WriteGet(buffer, 3, get, existenceOnly: false);
            else RequestEncoder.WriteMutation(buffer, 2, (Mutation)item.Operation, item.Nonce.Value);
            buffer.End(mark);
        }
    }

    private static void WriteSingle(FrameBuffer buffer, BatchItem item)
    {
        buffer.WriteBool(2, true);
        var check = item.Operation as CheckAndMutate;
        var mutations = check?.Mutations ?? item.Operation as RowMutations;
        if (mutations is null)
        {
            WriteAction(buffer, 0, check!.Mutation!, item.Nonce);
        }
        else
        {
            for (var i = 0; i < mutations.Mutations.Count; i++) WriteAction(buffer, i, mutations.Mutations[i], item.Nonce);
        }

        if (check is not null) RequestEncoder.WriteCondition(buffer, 4, check);
    }

    private static void WriteAction(FrameBuffer buffer, int index, Mutation mutation, Nonce nonce)
    {
        var mark = buffer.Begin(3, mutation.Size + 12);
        buffer.WriteUInt64(1, (uint)index);
        RequestEncoder.WriteMutation(buffer, 2, mutation, mutation.Kind is MutationKind.Increment or MutationKind.Append ? nonce.Value : 0);
        buffer.End(mark);
    }

    private void ReadRegion(ReadOnlySpan<byte> message, RegionActions actions, ref ReadOnlySpan<byte> cells)
    {
        RemoteFault? fault = null;
        var processed = false;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: ReadOne(reader.ReadBytes(), actions, ref cells); break;
                case 2: fault = ReadFault(reader.ReadBytes()); break;
                case 3: processed = reader.ReadBool(); break;
                default: reader.Skip(); break;
            }
        }

        foreach (var index in actions.Items)
        {
            var item = items[index];
            if (fault is not null) item.Answer(default, processed: false, fault);
            else if (!actions.IsGroup && item.Fault is null) item.Answer(item.Row, processed || item.Operation is RowMutations, null);
        }
    }

    private void ReadOne(ReadOnlySpan<byte> message, RegionActions actions, ref ReadOnlySpan<byte> cells)
    {
        var index = 0U;
        HBaseRow row = default;
        RemoteFault? fault = null;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: index = reader.ReadUInt32(); break;
                case 2: row = CellResult.Read(reader.ReadBytes(), ref cells).Row; break;
                case 3: fault = ReadFault(reader.ReadBytes()); break;
                default: reader.Skip(); break;
            }
        }

        if (!actions.IsGroup) index = 0;
        if (index >= actions.Items.Count) throw new WireFormatException($"An answer has index {index} of {actions.Items.Count} actions.");

        var item = items[actions.Items[(int)index]];
        if (fault is not null || item.Fault is null) item.Answer(row, processed: true, fault);
    }

    private static RemoteFault ReadFault(ReadOnlySpan<byte> message)
    {
        string name = "", text = "";
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: name = reader.ReadString(); break;
                case 2: text = Encoding.UTF8.GetString(reader.ReadBytes()); break;
                default: reader.Skip(); break;
            }
        }

        return RemoteFault.From(name, text);
    }
}

/// <summary>What goes to one region in one call: many plain operations, or one conditional or atomic one.</summary>
internal sealed record RegionActions(RegionLocation Region, bool IsGroup)
{
    public List<int> Items { get; } = [];

    public int Size { get; set; }
}
