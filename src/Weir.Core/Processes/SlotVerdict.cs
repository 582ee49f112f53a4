namespace Weir.Core.Processes;

/// <summary>What samples say of an instance's slots.</summary>
/// <param name="Slots">The number to go to (TooMany, Back), or that would be right (TooFew).</param>
internal readonly record struct SlotVerdict(SlotVerdictKind Kind, int Slots);

/// <summary>What is to be done about it.</summary>
internal enum SlotVerdictKind
{
    None,

    /// <summary>More declared than the app takes: correct at once, and say so loudly.</summary>
    TooMany,

    /// <summary>It took fewer for a while: try one more again, quietly.</summary>
    Back,

    /// <summary>Workers idle while requests wait: say so; raising it is the user's word.</summary>
    TooFew,
}
