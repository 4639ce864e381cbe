namespace Grains.Windows;

/// <summary>A block that is not counted in now: its history row, or only the number of its views.</summary>
/// <param name="Number">Which ten minutes.</param>
/// <param name="Keeping">Where else the block is.</param>
/// <param name="Row">The history row; empty where the block has no views; null where <see cref="BlockKeeping.Views"/> is all there is.</param>
/// <param name="Views">The views of the block.</param>
internal readonly record struct PackedBlock(uint Number, BlockKeeping Keeping, byte[]? Row, long Views);

/// <summary>Where a packed block is kept.</summary>
internal enum BlockKeeping : byte
{
    /// <summary>The snapshot row must hold it: history may not have it as it is now.</summary>
    Row,

    /// <summary>History has it; the next snapshot will leave it out.</summary>
    Sealed,

    /// <summary>History has it and it counts in the sum of what was left out; it is here to save reads.</summary>
    History,

    /// <summary>As <see cref="History"/>, and read back because events for it wait: stays until they come.</summary>
    Restored,

    /// <summary>History has it; of the block itself only the number of views is here.</summary>
    Views,
}
