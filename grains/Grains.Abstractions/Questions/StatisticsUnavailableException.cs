namespace Grains.Abstractions.Questions;

/// <summary>The numbers cannot be told just now. The message says why, and is fit to be shown to who asked; the same question can be repeated.</summary>
/// <param name="message">Why, and what to do.</param>
[GenerateSerializer, Alias("Grains.StatisticsUnavailableException")]
public sealed class StatisticsUnavailableException(string message) : Exception(message);
