using Google.Protobuf;
using HBase.Client.Protocol;

namespace HBase.Client.Rpc;

/// <summary>What the header of an answer says. <c>ResponseHeader: 1 call_id, 2 exception, 3 cell_block_meta{1 length}</c>.</summary>
internal readonly record struct AnswerHeader(uint CallId, RemoteFault? Fault, int CellBytes)
{
    public static AnswerHeader Read(ReadOnlySpan<byte> message)
    {
        var callId = 0U;
        var cellBytes = 0U;
        RemoteFault? fault = null;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: callId = reader.ReadUInt32(); break;
                case 2: fault = ReadFault(reader.ReadBytes()); break;
                case 3: cellBytes = ReadLength(reader.ReadBytes()); break;
                default: reader.Skip(); break;
            }
        }

        return cellBytes > int.MaxValue ? throw new WireFormatException($"{cellBytes} bytes of cells announced.") : new AnswerHeader(callId, fault, (int)cellBytes);
    }

    private static RemoteFault ReadFault(ReadOnlySpan<byte> message)
    {
        try
        {
            return RemoteFault.From(ExceptionResponse.Parser.ParseFrom(message));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new WireFormatException(e.Message);
        }
    }

    private static uint ReadLength(ReadOnlySpan<byte> message)
    {
        var length = 0U;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1) length = reader.ReadUInt32();
            else reader.Skip();
        }

        return length;
    }
}
