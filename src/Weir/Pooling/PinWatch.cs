namespace Weir.Pooling;

/// <summary>Tells once of a pinned connection on which nothing has moved for ten minutes.</summary>
internal sealed class PinWatch
{
    /// <summary>Longer than any transaction of a web app; somebody forgot to take back what pins it.</summary>
    public const long IdleMicros = 600_000_000;

    private long _pinnedSince;
    private uint _moves;
    private long _movedAt;
    private bool _isTold;

    /// <summary>True once for each pin: tell of it.</summary>
    /// <param name="pinnedSince">Which pin it is: since when.</param>
    /// <param name="moves">A number that changes when something moves.</param>
    public bool IsNews(long pinnedSince, uint moves, long now)
    {
        if (pinnedSince != _pinnedSince || moves != _moves)
        {
            _isTold &= pinnedSince == _pinnedSince;
            (_pinnedSince, _moves, _movedAt) = (pinnedSince, moves, now);
            return false;
        }

        if (_isTold || now - _movedAt < IdleMicros)
            return false;
        _isTold = true;
        return true;
    }
}
