namespace Grains.Abstractions.Questions;

/// <summary>What views are counted by.</summary>
public enum Dimension
{
    /// <summary>Browser family.</summary>
    Client,

    /// <summary>Family of the operating system.</summary>
    Os,

    /// <summary>Class of the device.</summary>
    Device,

    /// <summary>Country of the address.</summary>
    Region,

    /// <summary>Search engine, or direct, internal, referral.</summary>
    Source,
}
