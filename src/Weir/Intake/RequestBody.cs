using Weir.Beat;
using Weir.Core.Http;
using Weir.Core.Http.Forwarding;
using Weir.Core.Ledger;
using Weir.Edge;
using Weir.Spill;

namespace Weir.Intake;

/// <summary>Takes one request's body at its client's pace, within every bound of <see cref="IntakeOptions"/>.</summary>
internal sealed class RequestBody(
    IntakeOptions options, BlockPool blocks, SpillDisk disk, ClientBudgets budgets, Driven owner)
{
    private static readonly long RateStep = Clock.Micros(TimeSpan.FromSeconds(5));

    private long _idleMax = Clock.Micros(options.Idle);
    private long _timeMax = Clock.Micros(options.TimeMax);
    private long _rateGrace = Clock.Micros(options.RateGrace);
    private BodyBuffer? _store;
    private ClientAddress _client;
    private long _bytesMax;
    private long _began;
    private long _progressAt;
    private long _seen;
    private long _charged;
    private bool _isCharged;
    private bool _isFull;

    /// <summary>Null while no byte of a body has been asked for: requests without one never come here.</summary>
    public BodyBuffer? Store => _store;

    public bool IsWhole { get; private set; } = true;
    public long Length => _store?.Length ?? 0;
    public bool IsBusy => _store is { IsBusy: true };

    /// <summary>When the owner shall look again, if nothing comes.</summary>
    public long Deadline { get; private set; } = long.MaxValue;

    public GateRule Fault { get; private set; }

    /// <summary>More of the body would be taken if the client sent it.</summary>
    public bool AwaitsClient => !IsWhole && !_isFull;

    /// <summary>The store was full when it was last looked at, and has been read since: look again.</summary>
    public bool HasRoomAgain => !IsWhole && _isFull && !_store!.IsFull;

    /// <summary>Others for the next body.</summary>
    public IntakeOptions Options
    {
        set
        {
            options = value;
            _idleMax = Clock.Micros(value.Idle);
            _timeMax = Clock.Micros(value.TimeMax);
            _rateGrace = Clock.Micros(value.RateGrace);
        }
    }

    /// <summary>A request with a body begins.</summary>
    /// <param name="client">Whom the budgets charge; none for a trusted proxy's own address.</param>
    public void Begin(ClientAddress client, long bytesMax, bool streams, long now)
    {
        var store = _store ??= new BodyBuffer(blocks, disk, owner);
        store.Keeps = !streams;
        store.MaySpill = !streams;
        _client = client;
        _bytesMax = bytesMax;
        _began = _progressAt = now;
        _seen = 0;
        IsWhole = _isFull = false;
        Fault = GateRule.None;
    }

    private bool IsMemorySpent => options.TotalMemoryMax > 0 && blocks.BytesLent > options.TotalMemoryMax;

    /// <summary>
    /// Takes what has come. <see cref="Outcome.Answered"/> means all is well so far: look at IsWhole. Any other outcome
    /// is what the request ends with.
    /// </summary>
    public Outcome Take(ClientSide client, long now)
    {
        if (IsWhole)
            return Outcome.Answered;
        // Many bodies may begin before any has taken memory, so the share is looked at as they grow.
        _store!.MemoryMax = IsMemorySpent ? 0 : options.MemoryMax;
        // A write that has ended makes room, and room is what a full store waits for.
        _store.Flush();
        var read = client.ReadBody(_store, out var fault);
        _isFull = read == BodyRead.Full;
        if (client.BodyBytesSeen != _seen)
        {
            _seen = client.BodyBytesSeen;
            _progressAt = now;
        }

        switch (read)
        {
            case BodyRead.Refused:
                Fault = fault;
                return Outcome.RefusedByGate;
            case BodyRead.Gone:
                return Outcome.ClientGoneReceiving;
        }

        if (_store.Length > _bytesMax)
            return Outcome.BodyTooLarge;
        if (_store.SpillFailed)
            return _store.SpillBudgetSpent ? Outcome.BodyBudgetTotal : Outcome.SpillFailed;
        if (read == BodyRead.Whole)
        {
            IsWhole = true;
            Deadline = long.MaxValue;
            Discharge();
            return Outcome.Answered;
        }

        return Wait(read, now);
    }

    /// <summary>Gives everything back. Not while busy.</summary>
    public void Reset()
    {
        if (_store is null)
            return;
        Discharge();
        _store.TailIsLent = false;
        _store.Release();
        IsWhole = true;
        Deadline = long.MaxValue;
    }

    private Outcome Wait(BodyRead read, long now)
    {
        if (!Charge())
            return Outcome.BodyBudgetClient;
        // While the disk or the app is what is slow, the client is not billed for it.
        if (read == BodyRead.Full)
            _progressAt = now;
        else if (now - _progressAt >= _idleMax || now - _began >= _timeMax || IsTooSlow(now))
            return Outcome.BodyTimeout;
        var rateCheck = Math.Max(now, _began + _rateGrace) + RateStep;
        Deadline = Math.Min(rateCheck, Math.Min(_progressAt + _idleMax, _began + _timeMax));
        return Outcome.Answered;
    }

    private bool IsTooSlow(long now)
    {
        var billed = now - _began - _rateGrace;
        return billed >= RateStep && _seen < options.RateMin * (billed / 1_000_000);
    }

    private bool Charge()
    {
        if (!_isCharged)
        {
            if (!budgets.TryBegin(_client))
                return false;
            _isCharged = true;
        }

        var more = _store!.Length - _charged;
        if (more == 0)
            return true;
        _charged += more;
        return budgets.TryAdd(_client, more);
    }

    private void Discharge()
    {
        if (!_isCharged)
            return;
        budgets.End(_client, _charged);
        _isCharged = false;
        _charged = 0;
    }
}
