using Weir.Caching;
using Weir.Caching.Shared;
using Weir.Ledger;

namespace Weir;

// The tier of the cache that nodes share: opened, driven, told of, ended.
internal sealed partial class House
{
    private Task? _sharedEnds;

    private void OpenShared()
    {
        var shared = Rooms.Options.Cache.Shared;
        if (shared.Url is null || Rooms.Options.Cache.MemoryMax == 0)
            return;
        Rooms.Cache.Shared = new SharedCopies(Rooms.Cache, shared, new RedisStore(shared, TellShared), TellShared)
        {
            WhenFault = fault => Rooms.WhenFault?.Invoke(fault),
        };
    }

    private void TellShared(SharedMessage message, string detail)
    {
        // Of nothing there is nothing to be said: so it is at every start.
        if (message == SharedMessage.EverythingPurged && Rooms.Cache.Store.Counts.Answers == 0)
            return;
        var line = message switch
        {
            SharedMessage.Connected => HouseMessages.SharedUp,
            SharedMessage.Lost => HouseMessages.SharedLost,
            SharedMessage.NoMessages => HouseMessages.SharedUnheard,
            SharedMessage.EraBegun => HouseMessages.SharedBegun,
            _ => HouseMessages.SharedUnsure,
        };
        if (detail.Length > 0)
            Say(line, ("redis", detail));
        else
            Say(line);
    }

    /// <summary>Once, within two seconds at most.</summary>
    private Task EndSharedAsync() => Rooms.Cache.Shared is not { } shared ? Task.CompletedTask
        : _sharedEnds ??= shared.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(2));
}
