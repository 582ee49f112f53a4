namespace Weir.Core.Caching;

/// <summary>Whether a fetch that nobody waits for may begin: never where it could stand before a client.</summary>
internal static class BackgroundRoom
{
    /// <summary>
    /// True: nobody waits, and a slot is free beyond those that earlier such fetches are about to take.
    /// </summary>
    /// <param name="queueLength">Requests that wait for a slot.</param>
    /// <param name="inFlight">Slots that are held.</param>
    /// <param name="begun">Fetches behind that were begun and hold no slot yet.</param>
    public static bool MayBegin(int queueLength, int inFlight, int slotsTotal, int begun) =>
        queueLength == 0 && inFlight + begun < slotsTotal;
}
