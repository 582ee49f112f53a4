namespace Weir.Core.Processes;

/// <summary>Reads a server's number of slots from its command line, its environment and its configuration.</summary>
internal static class SlotFinder
{
    public static SlotFinding Find(SlotQuestion question) => SlotFinding.Unknown;
}
