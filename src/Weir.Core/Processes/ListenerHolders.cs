namespace Weir.Core.Processes;

/// <summary>Who shares an instance's listener, and what that tells of its slots.</summary>
internal sealed record ListenerHolders(IReadOnlyList<ListenerHolder> All)
{
    /// <summary>Those without a child that holds it too: what accepts, where a master only watches.</summary>
    public IReadOnlyList<ListenerHolder> Workers { get; } =
        [.. All.Where(one => !All.Any(other => other.Parent == one.Id))];

    /// <summary>The one whose command line names the server; 0 where nobody holds the listener.</summary>
    public int Master => All.FirstOrDefault(one => !All.Any(other => other.Id == one.Parent)).Id;

    /// <summary>
    /// Fills in the workers that could not be read. Of a known server alone: what shares the listener of an unknown
    /// one may be a helper that forgot to close it, so that there it is told and not believed.
    /// </summary>
    public SlotFinding Refine(SlotFinding found)
    {
        var count = Workers.Count;
        if (count == 0 || found.IsAsync)
            return found;
        var shares = count == 1 ? "one process holds its listener" : $"{count} processes share its listener";
        if (found.Server.Length == 0)
        {
            return count == 1 ? found : found with
            {
                Doubt = $"{shares}; if each serves one request at a time, say --slots {count}",
            };
        }

        if (!found.Unread.HasFlag(SlotUnread.Workers))
            return found;
        var left = found.Unread & ~SlotUnread.Workers;
        return found with
        {
            Slots = count * found.Threads,
            Workers = count,
            Evidence = found.Evidence.Length == 0 ? shares : $"{shares}, {found.Evidence}",
            Unread = left,
            Doubt = left == SlotUnread.None ? "" : found.Doubt,
        };
    }
}
