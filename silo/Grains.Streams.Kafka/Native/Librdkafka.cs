using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Grains.Streams.Kafka.Native;

/// <summary>The few calls of librdkafka that Confluent.Kafka does not offer, bound to the very library that it has loaded.</summary>
/// <remarks>
/// Confluent.Kafka ships several builds and takes the first that loads on this machine. A second copy in the process would know nothing of the first one's clients, so the one that is mapped is found and
/// its exports are taken; <see cref="TryFind"/> proves the match by asking it the name of a client that Confluent.Kafka made.
/// </remarks>
internal sealed unsafe class Librdkafka
{
    private readonly delegate* unmanaged<nint, byte*, int, nint> _queueOfPartition;
    private readonly delegate* unmanaged<nint, nint, void> _queueForward;
    private readonly delegate* unmanaged<nint, void> _queueDestroy;
    private readonly delegate* unmanaged<nint, delegate* unmanaged<nint, nint, void>, nint, void> _queueEvents;
    private readonly delegate* unmanaged<nint, int, RdMessage**, nuint, nint> _consumeBatch;
    private readonly delegate* unmanaged<RdMessage*, void> _messageDestroy;
    private readonly delegate* unmanaged<RdMessage*, int*, long> _messageTimestamp;
    private readonly delegate* unmanaged<nint, byte*> _name;

    private Librdkafka(nint library)
    {
        _queueOfPartition = (delegate* unmanaged<nint, byte*, int, nint>)NativeLibrary.GetExport(library, "rd_kafka_queue_get_partition");
        _queueForward = (delegate* unmanaged<nint, nint, void>)NativeLibrary.GetExport(library, "rd_kafka_queue_forward");
        _queueDestroy = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "rd_kafka_queue_destroy");
        _queueEvents = (delegate* unmanaged<nint, delegate* unmanaged<nint, nint, void>, nint, void>)NativeLibrary.GetExport(library, "rd_kafka_queue_cb_event_enable");
        _consumeBatch = (delegate* unmanaged<nint, int, RdMessage**, nuint, nint>)NativeLibrary.GetExport(library, "rd_kafka_consume_batch_queue");
        _messageDestroy = (delegate* unmanaged<RdMessage*, void>)NativeLibrary.GetExport(library, "rd_kafka_message_destroy");
        _messageTimestamp = (delegate* unmanaged<RdMessage*, int*, long>)NativeLibrary.GetExport(library, "rd_kafka_message_timestamp");
        _name = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(library, "rd_kafka_name");
    }

    /// <summary>Finds the library behind a client.</summary>
    /// <param name="client">A client's handle, as Confluent.Kafka gives it.</param>
    /// <param name="clientName">The client's name.</param>
    /// <param name="native">The client's <c>rd_kafka_t</c>. Valid until the client is disposed.</param>
    /// <param name="whyNot">What could not be found.</param>
    public static Librdkafka? TryFind(Handle client, string clientName, out nint native, out string whyNot)
    {
        native = 0;
        try
        {
            if (NativeHandle(client) is not { IsInvalid: false } handle) return Not("Confluent.Kafka's handle has another shape than that of 2.16", out whyNot);
            if (LoadedPath() is not { } path) return Not("no module of this process is named librdkafka", out whyNot);

            native = handle.DangerousGetHandle();
            var library = new Librdkafka(NativeLibrary.Load(path));
            whyNot = "";
            return Marshal.PtrToStringUTF8((nint)library._name(native)) == clientName ? library : Not($"{path} does not know the client {clientName}", out whyNot);
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return Not(failure.Message, out whyNot);
        }
    }

    /// <summary>No library, for a reason of one's own.</summary>
    public static Librdkafka? None(string reason, out nint native, out string whyNot)
    {
        native = 0;
        return Not(reason, out whyNot);
    }

    /// <summary>The queue of one partition, to be destroyed with <see cref="Destroy(nint)"/>. From now on its records come to it alone, not to the consumer's queue.</summary>
    public nint QueueOf(nint client, string topic, int partition)
    {
        fixed (byte* name = NullTerminated(topic))
        {
            var queue = _queueOfPartition(client, name, partition);
            if (queue != 0) _queueForward(queue, 0);
            return queue;
        }
    }

    /// <summary>Calls <paramref name="arrived"/> on a thread of librdkafka whenever the queue turns from empty to not empty. Null stops it.</summary>
    public void NotifyArrivals(nint queue, delegate* unmanaged<nint, nint, void> arrived, nint opaque) => _queueEvents(queue, arrived, opaque);

    /// <summary>Takes what is in the queue, without waiting. Each message must be destroyed.</summary>
    /// <remarks>Runs per batch; allocates nothing.</remarks>
    public int Take(nint queue, RdMessage** messages, int count) => (int)_consumeBatch(queue, 0, messages, (nuint)count);

    /// <summary>Gives a message's memory back.</summary>
    /// <remarks>Runs per record; allocates nothing.</remarks>
    public void Destroy(RdMessage* message) => _messageDestroy(message);

    public void Destroy(nint queue) => _queueDestroy(queue);

    /// <summary>When the record was made or appended, in milliseconds of the Unix epoch; -1 where it does not say.</summary>
    public long TimestampOf(RdMessage* message)
    {
        int kind;
        return _messageTimestamp(message, &kind);
    }

    private static SafeHandle? NativeHandle(Handle client) =>
        typeof(Handle).GetProperty("LibrdkafkaHandle", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(client) as SafeHandle;

    private static string? LoadedPath()
    {
        using var process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
        {
            if (Path.GetFileName(module.FileName).Contains("librdkafka", StringComparison.OrdinalIgnoreCase)) return module.FileName;
        }

        return null;
    }

    private static byte[] NullTerminated(string text) => System.Text.Encoding.UTF8.GetBytes(text + '\0');

    private static Librdkafka? Not(string reason, out string whyNot)
    {
        whyNot = reason;
        return null;
    }
}
