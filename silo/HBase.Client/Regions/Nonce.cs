using System.Security.Cryptography;

namespace HBase.Client.Regions;

/// <summary>By which a server recognises an increment or append that it has done already: the client's number and the operation's. No value: 0.</summary>
internal readonly record struct Nonce(ulong Group, ulong Value)
{
    public static ulong Random()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        ulong value;
        do
        {
            RandomNumberGenerator.Fill(bytes);
            value = BitConverter.ToUInt64(bytes);
        }
        while (value == 0);

        return value;
    }

    /// <summary>A new one, where the mutation is not safe to repeat without.</summary>
    public static Nonce For(Mutation mutation, ulong group) => mutation.Kind is MutationKind.Increment or MutationKind.Append ? new Nonce(group, Random()) : default;
}
