namespace Weir.Ledger;

/// <summary>What one thread writes: counters that no other thread touches, so that a plain add is enough.</summary>
internal sealed class LedgerStripe(ExchangeLedger owner, Thread writer)
{
    /// <summary>Apps told apart; more than that share the last place. 64: a house has few.</summary>
    public const int AppsMax = 64;

    /// <summary>Room for one log line: the longest path kept, escaped at six bytes each, and all the rest.</summary>
    private const int ScratchBytes = 40 * 1024;

    private readonly AppTally?[] _apps = new AppTally?[AppsMax];
    private readonly long[] _rules = new long[256];
    private AppTally? _last;
    private byte[]? _scratch;

    public ExchangeLedger Owner { get; } = owner;

    /// <summary>The thread that writes; when it has ended, another may take the stripe over, counts and all.</summary>
    public Thread Writer { get; set; } = writer;

    public byte[] Scratch => _scratch ??= new byte[ScratchBytes];

    public ReadOnlySpan<long> Rules => _rules;

    public ReadOnlySpan<AppTally?> Apps => _apps;

    public void Add(in LedgerEntry entry)
    {
        var name = entry.App ?? "";
        var app = _last;
        // Names come from the options, so the same app has the same string: a reference is compared, not letters.
        if (app is null || !ReferenceEquals(app.Name, name))
            _last = app = AppOf(name);
        app.Add(entry);
        _rules[(byte)entry.Rule]++;
    }

    private AppTally AppOf(string name)
    {
        for (var i = 0; i < AppsMax - 1; i++)
        {
            var app = _apps[i];
            if (app is null)
            {
                app = new(name);
                Volatile.Write(ref _apps[i], app);
                return app;
            }
            if (ReferenceEquals(app.Name, name) || app.Name == name)
                return app;
        }
        if (_apps[AppsMax - 1] is null)
            Volatile.Write(ref _apps[AppsMax - 1], new("_other"));
        return _apps[AppsMax - 1]!;
    }
}
