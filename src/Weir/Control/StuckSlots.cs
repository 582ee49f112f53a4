using System.Globalization;

namespace Weir.Control;

/// <summary>Says in one sentence that slots are stuck, and in what.</summary>
internal static class StuckSlots
{
    /// <summary>
    /// A leased slot this old counts as stuck. 10 s: queue.max-wait's default, after which a waiting request is shed.
    /// </summary>
    private const double StuckAfterMs = 10_000;

    /// <summary>"8 of 8 slots stuck in POST /reports for 41 s"; null where none is.</summary>
    public static string? Sentence(IReadOnlyList<InstanceSnapshot> instances)
    {
        var stuck = instances.SelectMany(instance => instance.Holders).Where(IsStuck).ToList();
        if (stuck.Count == 0)
            return null;
        var worst = stuck.GroupBy(slot => $"{slot.Method} {slot.Path}").OrderByDescending(group => group.Count())
            .ThenByDescending(group => group.Max(slot => slot.AgeMs)).First();
        var seconds = Math.Floor(worst.Max(slot => slot.AgeMs) / 1_000).ToString(CultureInfo.InvariantCulture);
        var total = instances.Sum(instance => instance.Slots);
        return worst.Count() == stuck.Count
            ? $"{stuck.Count} of {total} slots stuck in {worst.Key} for {seconds} s"
            : $"{stuck.Count} of {total} slots stuck, {worst.Count()} of them in {worst.Key} for {seconds} s";
    }

    private static bool IsStuck(SlotSnapshot slot) =>
        slot.State is "abandoned" or "lost" || (slot.State == "leased" && slot.AgeMs >= StuckAfterMs);
}
