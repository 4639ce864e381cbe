namespace Grains.Testing;

/// <summary>The managed heap, for tests of what things take.</summary>
public static class Heap
{
    private const int MostTries = 20;
    private const long Noise = 16 << 10;

    /// <summary>Bytes that are in use, once nothing is left to collect: finalizers of what other tests left behind run first.</summary>
    public static long SettledBytes()
    {
        var before = long.MaxValue;
        for (var tries = 0; tries < MostTries; tries++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var bytes = GC.GetTotalMemory(forceFullCollection: true);
            if (Math.Abs(before - bytes) < Noise) return bytes;

            before = bytes;
        }

        return before;
    }
}
