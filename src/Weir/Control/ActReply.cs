namespace Weir.Control;

/// <summary>What the admin API answers to an act, and to anything that it refuses.</summary>
/// <param name="Error">One sentence with the next step; null where it is done.</param>
/// <param name="Note">What is to be known of an act that was done; null where nothing is.</param>
internal sealed record ActReply(bool Ok, string? Error = null, string? Note = null);
