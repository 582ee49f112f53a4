namespace Weir.Sim;

/// <summary>What happens at a moment. Of one moment, what ends comes before what begins.</summary>
internal enum SimEventKind : byte
{
    /// <summary>A worker is done with a request.</summary>
    Done,

    /// <summary>A router's timer is due.</summary>
    Timer,

    /// <summary>The next request arrives.</summary>
    Arrival,
}

/// <param name="At">Microseconds of virtual time.</param>
/// <param name="Sequence">Order of making: events of one moment and kind happen in it.</param>
/// <param name="Subject">The request, or the router.</param>
internal readonly record struct SimEvent(long At, SimEventKind Kind, long Sequence, int Subject)
{
    public bool IsBefore(in SimEvent other)
    {
        if (At != other.At)
            return At < other.At;
        return Kind != other.Kind ? Kind < other.Kind : Sequence < other.Sequence;
    }
}
