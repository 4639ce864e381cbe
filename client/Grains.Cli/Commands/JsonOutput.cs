namespace Grains.Cli.Commands;

/// <summary>Prints an answer as the server sent it, as one line.</summary>
internal static class JsonOutput
{
    public static async Task WriteAsync(Surroundings surroundings, byte[] answer, CancellationToken cancellationToken)
    {
        await surroundings.Output.WriteAsync(answer, cancellationToken).ConfigureAwait(false);
        await surroundings.Output.WriteAsync("\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        await surroundings.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
