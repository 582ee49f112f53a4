namespace Weir.Sim;

/// <summary>One thing that will happen, 24 bytes.</summary>
/// <param name="At">Microseconds of virtual time.</param>
/// <param name="Order">The kind, then the order of making: events of one moment and kind happen in it.</param>
/// <param name="Subject">The request, the router or the instance.</param>
/// <param name="Mark">Whose: an event whose subject bears another mark by now is of something that is over.</param>
internal readonly record struct SimEvent(long At, ulong Order, int Subject, int Mark)
{
    public const int KindShift = 56;

    public SimEventKind Kind => (SimEventKind)(Order >> KindShift);

    public bool IsBefore(in SimEvent other) => At != other.At ? At < other.At : Order < other.Order;
}
