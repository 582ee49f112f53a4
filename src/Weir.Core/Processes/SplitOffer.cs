namespace Weir.Core.Processes;

/// <summary>A command with N workers as N instances of one worker, whose slots are then exact.</summary>
/// <param name="Instances">Of each that there was; 1 where it cannot be split.</param>
/// <param name="Line">As it would be written for one worker.</param>
/// <param name="Words">What is executed for it.</param>
/// <param name="Refusal">Why it cannot be split, as the rest of a sentence; empty where it can.</param>
internal sealed record SplitOffer(int Instances, string Line, IReadOnlyList<string> Words, string Refusal)
{
    public bool IsPossible => Refusal.Length == 0;
}
