namespace Weir.Core.Processes;

/// <summary>One look at an instance beside what Weir believes of it.</summary>
/// <param name="Now">Microseconds, never running back.</param>
/// <param name="Leased">Slots of it that Weir has lent, those given up and not yet free among them.</param>
/// <param name="AcceptQueue">Connections that the app has not accepted; −1 = not known.</param>
/// <param name="Waiting">Requests in Weir's own queue.</param>
internal readonly record struct SlotSample(long Now, int Leased, int AcceptQueue, int Waiting)
{
    /// <summary>Workers without a connection while Weir asked; −1 = not looked at, or not known.</summary>
    public int IdleWorkers { get; init; } = -1;
}
