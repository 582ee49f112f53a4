namespace Weir.Ledger;

/// <summary>What is written down of each exchange, and where.</summary>
internal sealed record LedgerOptions
{
    public LogFormat Log { get; init; } = LogFormat.Logfmt;

    /// <summary>log.file; empty = standard output.</summary>
    public string File { get; init; } = "";

    /// <summary>How many records are kept for a dump.</summary>
    public int RecentMax { get; init; } = 1_000;
}
