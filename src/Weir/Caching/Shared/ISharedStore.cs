using Weir.Core.Caching.Shared;

namespace Weir.Caching.Shared;

/// <summary>
/// The shared store as the tier sees it: values under names, and one state and log of purges that change together.
/// Nothing here throws for what a server or the network may do, nothing waits longer than its bound, and no
/// continuation runs on the caller's or on an I/O thread.
/// </summary>
internal interface ISharedStore : IAsyncDisposable
{
    /// <summary>Counts the connections; 0 while there is none. What is asked while it is 0 fails at once.</summary>
    long Connection { get; }

    /// <summary>
    /// Called on a pool thread when a message says that there may be purges to read, and after each new connection. Set
    /// before <see cref="Start"/>.
    /// </summary>
    Action? WhenNews { get; set; }

    void Start();

    /// <summary>Each 20 ms or so, with microseconds of the monotonic clock: what is late is ended here.</summary>
    void Tick(long now);

    Task<SharedFetch> FetchAsync(ReadOnlyMemory<byte> name);

    /// <param name="pieces">The value; not copied, so it must not change until this is done.</param>
    /// <param name="lifetime">Milliseconds until it is forgotten.</param>
    /// <param name="connection">Only on this one: <see cref="SharedFault.Down"/> if it is another by now.</param>
    Task<SharedFault> PutAsync(
        ReadOnlyMemory<byte> name, IReadOnlyList<ReadOnlyMemory<byte>> pieces, long lifetime, long connection);

    /// <param name="entries">As many of the log, newest first; 0: none.</param>
    Task<SharedPage> ReadPurgesAsync(int entries);

    /// <summary>Counts, keeps and tells one purge, all or nothing; begins an era where there is none.</summary>
    Task<SharedFault> AddPurgeAsync(PurgeEntry entry);

    /// <summary>A new era, its count at 0 and its log empty, whatever was there.</summary>
    Task<SharedFault> BeginEraAsync(long era);
}
