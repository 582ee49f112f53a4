using System.Globalization;
using Weir.Core.Processes;
using Weir.Ledger;

namespace Weir.Processes;

// How many slots an instance has, once it runs: what the kernel knows better than its line, and what its accept queue
// tells of what was believed.
internal sealed partial class Runner
{
    private SlotWatch? _watch;

    private void StartWatch()
    {
        _watch = new SlotWatch(_parts.App, (instance, verdict) => Post(() => TakeVerdict(instance, verdict)));
        _watch.Start();
    }

    private void SetWatch()
    {
        var serving = _instances.Where(one => one is { Life.State: LifeState.Serving, Routed: not null }).ToList();
        _watch?.Set(serving);
    }

    /// <summary>Masters fork their workers one after the other: one that accepts is not yet all of them.</summary>
    private static readonly TimeSpan CountAgain = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Counts beside the loop who shares the listener, where the line did not tell. The first count is in when an
    /// instance is called ready, so that what is said of it at the start is true.
    /// </summary>
    private async Task CountWorkersAsync(InstanceProcess instance)
    {
        var found = instance.Slots;
        var isKnown = found.IsAsync || found is { Unread: SlotUnread.None, IsAssumed: false } || _parts.AreSlotsTold();
        if (!isKnown)
            await CountOnceAsync(instance, found).ConfigureAwait(false);
        Post(() => _firstReady.TrySetResult());
        if (isKnown)
            return;
        await Task.Delay(CountAgain).ConfigureAwait(false);
        await CountOnceAsync(instance, found).ConfigureAwait(false);
    }

    private async Task CountOnceAsync(InstanceProcess instance, SlotFinding found)
    {
        var (id, address, folder) = (instance.Child.Id, instance.Address, _plan.Folder);
        var refined = await Task.Run(() => ListenerCensus.Refine(found, id, address, folder)).ConfigureAwait(false);
        if (refined != found)
            Post(() => TakeSlots(instance, refined));
    }

    private void TakeSlots(InstanceProcess instance, SlotFinding refined)
    {
        if (instance.Slots == refined)
            return;
        instance.Slots = refined;
        if (instance.Routed is not { IsRemoved: false } routed || refined.IsAsync)
            return;
        if (routed.Slots != refined.Slots)
            _parts.App.Resize(routed, refined.Slots);
        var what = refined.Doubt.Length > 0 ? refined.Doubt : refined.Evidence;
        _parts.Say(HouseMessages.SlotsCounted, instance.Name, $"{Count(refined.Slots)}: {what}");
    }

    private void TakeVerdict(InstanceProcess instance, SlotVerdict verdict)
    {
        if (instance.Routed is not { IsRemoved: false } routed)
            return;
        var before = Count(routed.Slots);
        switch (verdict.Kind)
        {
            case SlotVerdictKind.TooMany:
                _parts.App.Resize(routed, verdict.Slots);
                _parts.Say(HouseMessages.SlotsTooMany, instance.Name,
                    $"{before} believed, and it accepts no more than {verdict.Slots}: corrected to {verdict.Slots}; "
                        + $"say --slots {verdict.Slots}, or give it workers");
                break;
            case SlotVerdictKind.Back:
                _parts.App.Resize(routed, verdict.Slots);
                break;
            case SlotVerdictKind.TooFew:
                _parts.Say(HouseMessages.SlotsTooFew, instance.Name,
                    $"{before} believed, and {verdict.Slots - routed.Slots} more of its workers idle while requests "
                        + $"wait: say --slots {verdict.Slots}");
                break;
        }
    }

    private static string Count(int slots) => slots == 1 ? "1 slot"
        : string.Create(CultureInfo.InvariantCulture, $"{slots} slots");
}
