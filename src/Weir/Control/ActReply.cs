namespace Weir.Control;

/// <summary>What the admin API answers to an act, and to anything that it refuses.</summary>
/// <param name="Error">One sentence with the next step; null where it is done.</param>
internal sealed record ActReply(bool Ok, string? Error = null);
