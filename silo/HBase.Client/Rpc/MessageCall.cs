using Google.Protobuf;
using HBase.Client.Protocol;

namespace HBase.Client.Rpc;

/// <summary>A call whose messages are those of Google.Protobuf: everything that is not frequent.</summary>
internal sealed class MessageCall<TAnswer>(string method, IMessage request, MessageParser<TAnswer> parser) : RpcCall
    where TAnswer : IMessage<TAnswer>
{
    private readonly byte[] _method = HBaseBytes.Utf8(method);

    public override ReadOnlySpan<byte> Method => _method;

    public override int ExpectedBytes => request.CalculateSize();

    public TAnswer? Answer { get; private set; }

    public override void WriteMessage(FrameBuffer buffer) => buffer.WriteMessage(request);

    public override void ReadAnswer(ReadOnlySpan<byte> message, ReadOnlySpan<byte> cells)
    {
        try
        {
            Answer = parser.ParseFrom(message);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new WireFormatException(e.Message);
        }
    }
}
