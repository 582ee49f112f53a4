using Weir.Beat;
using Weir.Core.Caching;

namespace Weir.Caching;

/// <summary>
/// One exchange's part in the fill of a key; made for each arrival, never used again. What becomes of it is written
/// before the owner is raised; the owner looks at <see cref="Role"/> when it is driven.
/// </summary>
internal sealed class FillPlace(Driven owner)
{
    private int _role;

    public Driven Owner { get; } = owner;

    public FillRole Role
    {
        get => (FillRole)Volatile.Read(ref _role);
        internal set => Volatile.Write(ref _role, (int)value);
    }

    /// <summary>Null until it has arrived, and where it goes on by itself.</summary>
    public Fill? Fill { get; internal set; }

    /// <summary>
    /// As a fetcher: the stamp of purges when its fetch began, for <see cref="StoredAnswer.Capture"/>. Kept when it is
    /// replaced.
    /// </summary>
    public long Capture { get; internal set; }

    /// <summary>Purges know that it fetches; under the fills' lock.</summary>
    internal bool IsPresent { get; set; }
}
