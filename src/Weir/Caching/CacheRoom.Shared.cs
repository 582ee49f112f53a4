using Weir.Beat;
using Weir.Core.Caching;

namespace Weir.Caching;

// What other nodes have to do with it. A purge made here is told before it is carried out: an answer out of the shared
// tier that this node's stamps take for newer than the purge has then been judged by it.
internal sealed partial class CacheRoom
{
    /// <summary>The shared tier; null where there is none. Set by the house, before the first exchange.</summary>
    public SharedCopies? Shared { get; set; }

    /// <summary>Purges here, and on every other node.</summary>
    public void Purge(PurgeSelector selector, PurgeKind kind)
    {
        Shared?.Tell(selector, kind);
        foreach (var spelling in Spellings(selector))
            Purges.Purge(spelling, kind);
        Warmer?.Want(selector, Clock.Now);
    }

    /// <summary>How many stored answers it is for.</summary>
    public int Count(PurgeSelector selector) => Spellings(selector).Sum(Store.Count);

    /// <summary>Carries out what was purged on another node, or what cannot be known not to have been.</summary>
    public void PurgeFromAfar(PurgeSelector selector, PurgeKind kind)
    {
        if (selector.Scope == PurgeScope.Url)
        {
            // Most are of unsafe methods, on URLs that are not stored here: they must not crowd out what is remembered.
            PurgeHere(selector, kind);
            return;
        }

        Purges.Purge(selector, kind);
        Warmer?.Want(selector, Clock.Now);
    }

    /// <summary>Lets go of an answer that the app has just shown to be old, wherever it is.</summary>
    public void Forget(StoredAnswer answer)
    {
        Shared?.Tell(PurgeSelector.Url(answer.Target.Host, answer.Target.Path), PurgeKind.Soft);
        Store.Remove(answer);
    }
}
