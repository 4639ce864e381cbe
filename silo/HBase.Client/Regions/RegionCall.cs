using HBase.Client.Protocol;
using HBase.Client.Rpc;

namespace HBase.Client.Regions;

/// <summary>A call to the region of one row.</summary>
internal abstract class RegionCall : RpcCall
{
    /// <summary>Where it goes; set before each attempt.</summary>
    public RegionLocation? Region { get; set; }

    /// <summary>Whether an attempt before the last may have been done: the answer of the last one is then not the whole truth.</summary>
    public bool Ambiguous { get; set; }
}

/// <summary>GetRequest: 1 region, 2 get. GetResponse: 1 result.</summary>
internal sealed class GetCall : RegionCall
{
    private Get? _get;
    private bool _existenceOnly;

    public override ReadOnlySpan<byte> Method => "Get"u8;

    public override int ExpectedBytes => Region!.Specifier.Length + _get!.Size;

    public HBaseRow Row { get; private set; }

    public bool Exists { get; private set; }

    public void Set(Get? get, bool existenceOnly)
    {
        (_get, _existenceOnly) = (get, existenceOnly);
        (Row, Exists, Region, Ambiguous) = (default, false, null, false);
    }

    public override void WriteMessage(FrameBuffer buffer)
    {
        buffer.WriteRaw(Region!.Specifier);
        RequestEncoder.WriteGet(buffer, 2, _get!, _existenceOnly);
    }

    public override void ReadAnswer(ReadOnlySpan<byte> message, ReadOnlySpan<byte> cells)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                var result = CellResult.Read(reader.ReadBytes(), ref cells);
                (Row, Exists) = (result.Row, result.Exists);
            }
            else
            {
                reader.Skip();
            }
        }
    }
}

/// <summary>MutateRequest: 1 region, 2 mutation, 3 condition, 4 nonce_group. MutateResponse: 1 result, 2 processed.</summary>
internal sealed class MutateCall : RegionCall
{
    private Mutation? _mutation;
    private CheckAndMutate? _condition;
    private Nonce _nonce;

    public override ReadOnlySpan<byte> Method => "Mutate"u8;

    public override int ExpectedBytes => Region!.Specifier.Length + (_condition?.Size ?? _mutation!.Size);

    public HBaseRow Row { get; private set; }

    public bool Processed { get; private set; }

    public void Set(Mutation? mutation, CheckAndMutate? condition, Nonce nonce)
    {
        (_mutation, _condition, _nonce) = (mutation, condition, nonce);
        (Row, Processed, Region, Ambiguous) = (default, false, null, false);
    }

    public override void WriteMessage(FrameBuffer buffer)
    {
        buffer.WriteRaw(Region!.Specifier);
        RequestEncoder.WriteMutation(buffer, 2, _mutation!, _nonce.Value);
        if (_condition is not null) RequestEncoder.WriteCondition(buffer, 3, _condition);
        if (_nonce.Value != 0) buffer.WriteUInt64(4, _nonce.Group);
    }

    public override void ReadAnswer(ReadOnlySpan<byte> message, ReadOnlySpan<byte> cells)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: Row = CellResult.Read(reader.ReadBytes(), ref cells).Row; break;
                case 2: Processed = reader.ReadBool(); break;
                default: reader.Skip(); break;
            }
        }
    }
}
