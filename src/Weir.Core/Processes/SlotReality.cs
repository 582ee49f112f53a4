namespace Weir.Core.Processes;

// Goal: no request behind a busy worker because somebody declared too many slots. The evidence is an accept queue that
// stands: leases that the app has not even accepted. One sample proves nothing (a connection waits a moment between
// connect and accept), so a whole window must show it; then what was truly accepted is the number, the most of the
// window, so that noise corrects too little and not too much.
//
// A worker that crashed, or is being renewed, looks the same for a moment. So a correction is never final: after a
// quiet time one slot is given back, up to the declared number, and each time that proves wrong the quiet time doubles.
// An app that accepts nothing at all is hung and not misdeclared: that is for the instance's own deadlines.
//
// Servers that accept more than they work on (gthread, Puma's cluster) hide their queue inside: it cannot be seen here.

/// <summary>Watches one instance: are its declared slots those it has?</summary>
internal sealed class SlotReality
{
    public const int WindowSamples = 10;

    /// <summary>At ten samples a second; fewer of them make the window longer, never shorter.</summary>
    public const long WindowMin = 900_000;

    /// <summary>After a correction, for leases over it to end.</summary>
    public const long Settle = 2_000_000;
    public const long BackFirst = 30_000_000;
    public const long BackMax = 600_000_000;

    /// <summary>Looks at the workers that lie further apart are of different times, and add up to nothing.</summary>
    public const long IdleWindowMax = 60_000_000;

    /// <summary>Before the same is told again.</summary>
    public const long TellAgain = 60_000_000;

    private readonly int _declared;
    private int _over;
    private long _overSince;
    private int _acceptedMost;
    private int _idle;
    private long _idleSince;
    private int _idleLeast;
    private long _settledAt;
    private long _backAt;
    private long _backAfter = BackFirst;
    private long _tellAt;
    private bool _hasGivenBack;

    /// <param name="declared">Slots found or told, at least 1.</param>
    public SlotReality(int declared) => _declared = Slots = declared;

    /// <summary>What holds now: the declared number, or what it was corrected to.</summary>
    public int Slots { get; private set; }

    /// <summary>Feeds a sample; at most one verdict at a time comes of it.</summary>
    public SlotVerdict Look(in SlotSample sample)
    {
        LookForFewer(sample);
        var isIdle = LookForMore(sample);
        if (_over >= WindowSamples && sample.Now - _overSince >= WindowMin && _acceptedMost < Slots)
            return Correct(sample.Now);
        if (Slots < _declared && _over == 0 && sample.Now >= _backAt)
            return GiveBack(sample.Now);
        if (!isIdle || _idle < WindowSamples || sample.Now - _idleSince < WindowMin || sample.Now < _tellAt)
            return default;
        _tellAt = sample.Now + TellAgain;
        return new SlotVerdict(SlotVerdictKind.TooFew, Slots + _idleLeast);
    }

    private void LookForFewer(in SlotSample sample)
    {
        // More in the queue than Weir has sent there: others connect too, and nothing can be told of our own.
        var accepted = sample.Leased - sample.AcceptQueue;
        var isOver = sample.AcceptQueue > 0 && accepted > 0 && sample.Now >= _settledAt;
        if (!isOver)
        {
            _over = 0;
            return;
        }

        if (_over++ == 0)
            (_overSince, _acceptedMost) = (sample.Now, 0);
        _acceptedMost = Math.Max(_acceptedMost, accepted);
    }

    /// <summary>True: this sample shows workers that idle while requests wait.</summary>
    private bool LookForMore(in SlotSample sample)
    {
        // Without a look at the workers, or with a connection on its way to one, nothing is proved or disproved: on a
        // busy machine there often is one, and ten looks in a row without any may never come.
        if (sample.IdleWorkers < 0 || sample.AcceptQueue > 0)
            return false;
        if (sample.IdleWorkers == 0 || sample.Waiting == 0 || sample.Leased < Slots)
        {
            _idle = 0;
            return false;
        }

        if (sample.Now - _idleSince > IdleWindowMax)
            _idle = 0;
        if (_idle++ == 0)
            (_idleSince, _idleLeast) = (sample.Now, int.MaxValue);
        _idleLeast = Math.Min(_idleLeast, sample.IdleWorkers);
        return true;
    }

    private SlotVerdict Correct(long now)
    {
        // Given back too early: wait longer before the next try.
        if (_hasGivenBack)
            _backAfter = Math.Min(_backAfter * 2, BackMax);
        _hasGivenBack = false;
        Slots = Math.Max(1, _acceptedMost);
        _over = 0;
        _settledAt = now + Settle;
        _backAt = now + _backAfter;
        return new SlotVerdict(SlotVerdictKind.TooMany, Slots);
    }

    private SlotVerdict GiveBack(long now)
    {
        Slots++;
        _hasGivenBack = true;
        _backAt = now + _backAfter;
        return new SlotVerdict(SlotVerdictKind.Back, Slots);
    }
}
