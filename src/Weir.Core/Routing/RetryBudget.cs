namespace Weir.Core.Routing;

/// <summary>Retries after bytes were sent: a share of what is in flight, so that no overload multiplies.</summary>
internal struct RetryBudget
{
    private const int Floor = 3;

    /// <summary>Retries granted and not yet ended.</summary>
    public int Running { get; private set; }

    public bool TryTake(int inFlight, double share)
    {
        if (Running >= Floor && Running >= share * inFlight)
            return false;
        Running++;
        return true;
    }

    public void Pass(StateBytes state) => Running = state.Through(Running);

    public void Return() => Running--;
}
