namespace Weir.Core.Caching;

/// <summary>Whether a fetch that nobody waits for may begin: never where it could stand before a client.</summary>
internal static class BackgroundRoom
{
    /// <summary>
    /// True: nobody waits, a slot is free beyond those that earlier such fetches are about to take, and half of the
    /// slots are left to clients. Without the last, slow answers that grow stale together are made anew by all workers
    /// together (measured, a page of 3 s with 16 variants and two workers: others waited 2 s).
    /// </summary>
    /// <param name="queueLength">Requests that wait for a slot.</param>
    /// <param name="inFlight">Slots that are held.</param>
    /// <param name="begun">Fetches behind that were begun and hold no slot yet.</param>
    /// <param name="underWay">All fetches behind that have not ended, those among them.</param>
    public static bool MayBegin(int queueLength, int inFlight, int slotsTotal, int begun, int underWay) =>
        queueLength == 0 && inFlight + begun < slotsTotal && underWay < Math.Max(1, slotsTotal / 2);
}
