namespace Weir.Caching;

/// <summary>A stored body's place in a <see cref="StoredFile"/>.</summary>
internal sealed class FiledBody(StoredFile file, long start, StoredBody body)
{
    private bool _wasUsed;
    private int _unusedFor;

    public int Descriptor => file.Descriptor;

    /// <summary>Where its first byte is in the file.</summary>
    public long Start => start;

    public long Length => body.Length;

    public StoredBody Body => body;

    /// <summary>Sent from since the last look, or between the two looks before it.</summary>
    public bool IsInUse => _wasUsed || _unusedFor == 0;

    /// <summary>False: it is closed. Else <see cref="Leave"/> follows, on every path.</summary>
    public bool TryEnter()
    {
        if (!file.TryEnter())
            return false;
        _wasUsed = true;
        return true;
    }

    public void Leave() => file.Leave();

    /// <summary>Looks whether it was sent from, for how many looks in a row it was not.</summary>
    public int Look()
    {
        _unusedFor = _wasUsed ? 0 : _unusedFor + 1;
        _wasUsed = false;
        return _unusedFor;
    }
}
