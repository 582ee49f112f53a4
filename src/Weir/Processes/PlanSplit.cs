using Weir.Core.Processes;

namespace Weir.Processes;

/// <summary>run.split: a routed command with N workers as N instances of one, whose slots are exact.</summary>
internal static class PlanSplit
{
    /// <param name="tell">Told why it cannot be split.</param>
    public static RunPlan Apply(RunPlan plan, Action<string> tell)
    {
        if (plan.Routed is not { } routed)
            return plan;
        var question = FoundSlots.Question(routed.Line, plan.Folder, plan.Environment);
        var offer = SlotSplit.Of(question, SlotFinder.Find(question), routed.Words);
        if (!offer.IsPossible)
        {
            tell($"run.split: {routed.Name} stays one instance: {offer.Refusal}");
            return plan;
        }

        // A line goes through the shell again, as it did; a command's own words have grown by the option.
        var isLine = routed.Words is ["/bin/sh", "-c", _];
        var split = routed with
        {
            Line = offer.Line,
            Words = isLine ? ["/bin/sh", "-c", ShellLine.Of(offer.Line).Script] : offer.Words,
            Count = routed.Count * offer.Instances,
        };
        return plan with { Types = [.. plan.Types.Select(type => type == routed ? split : type)] };
    }
}
