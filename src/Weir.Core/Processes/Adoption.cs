namespace Weir.Core.Processes;

/// <summary>What becomes of an instance that an earlier Weir left.</summary>
internal enum Fate
{
    /// <summary>It is gone already.</summary>
    Forget,

    /// <summary>It runs and nobody wants it.</summary>
    End,

    /// <summary>It runs on, as the instance of the same name.</summary>
    Adopt,
}

/// <summary>
/// Decides what a starting <c>weir run</c> does with what the last one in its folder left. Both must have said that
/// instances outlive Weir: one that was started to end with its Weir is being ended by its guard already. An instance
/// whose command line has changed is ended, as a person who starts Weir anew means the new one; so is one that has no
/// address, since nobody knows how far its start had come.
/// </summary>
internal static class Adoption
{
    /// <param name="last">What was left.</param>
    /// <param name="boot">This boot.</param>
    /// <param name="adopts">run.adopt of the Weir that starts.</param>
    /// <param name="startTicksOf">When the process with this number started; −1 where there is none.</param>
    public static Fate Decide(
        RunRecord last, InstanceRecord instance, string boot, bool adopts, IEnumerable<WantedInstance> wanted,
        Func<int, long> startTicksOf)
    {
        if (last.Format != RunRecord.FormatNow || last.Boot != boot || instance.Id <= 1)
            return Fate.Forget;
        if (instance.StartTicks < 0 || startTicksOf(instance.Id) != instance.StartTicks)
            return Fate.Forget;
        var isWanted = wanted.Contains(new WantedInstance(instance.Type, instance.Number, instance.Line));
        var isReady = instance.Type != "web" || instance.Address.Length > 0;
        return adopts && last.Adopts && isWanted && isReady ? Fate.Adopt : Fate.End;
    }
}
