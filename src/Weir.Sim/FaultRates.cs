namespace Weir.Sim;

/// <summary>How often things go wrong, as shares of tries (0 … 1). Their own stream of chance.</summary>
internal sealed record FaultRates
{
    /// <summary>Refused though a worker is free.</summary>
    public double Refuse { get; init; }

    /// <summary>No connection within the time allowed.</summary>
    public double ConnectTimeout { get; init; }

    /// <summary>The connection closes without an answer.</summary>
    public double Cut { get; init; }

    /// <summary>The worker never answers.</summary>
    public double Hang { get; init; }

    /// <summary>The instance dies while it works on this one.</summary>
    public double Crash { get; init; }

    /// <summary>This one takes SlowFactor as long.</summary>
    public double Slow { get; init; }

    public double SlowFactor { get; init; } = 10;

    /// <summary>Mean time between planned renewals of an instance, microseconds; 0 = none.</summary>
    public long RenewEvery { get; init; }

    /// <summary>From a crash until the routers know, microseconds.</summary>
    public long NoticeAfter { get; init; } = 50_000;

    public bool Any => Refuse > 0 || ConnectTimeout > 0 || Cut > 0 || Hang > 0 || Crash > 0 || Slow > 0;
}
