namespace Weir.Sim;

/// <summary>One request under way. Times in microseconds.</summary>
internal struct SimRequest
{
    public long Arrived;
    public long Service;
    public long Started;
    public int Router;
    public int Attempt;
    public int Instance;
    public int Slot;
    public int Tries;
}
