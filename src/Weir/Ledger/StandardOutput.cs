namespace Weir.Ledger;

/// <summary>
/// Weir's standard output for those that write to it on threads of their own (the log, and instances' lines): each
/// write is whole lines, and one is done before the next begins. A pipe keeps only short writes apart by itself.
/// </summary>
internal static class StandardOutput
{
    private static readonly Lazy<Stream> s_shared = new(() => Stream.Synchronized(Console.OpenStandardOutput()));

    public static Stream Shared => s_shared.Value;
}
