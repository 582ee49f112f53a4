using Weir.Core.Http;

namespace Weir.Ledger;

/// <summary>All threads' counts, merged at one look.</summary>
internal sealed class LedgerTotals
{
    private readonly long[] _rules = new long[256];
    private readonly SortedDictionary<string, AppTally> _apps = new(StringComparer.Ordinal);

    public IReadOnlyCollection<AppTally> Apps => _apps.Values;

    /// <summary>Exchanges written in all.</summary>
    public long Exchanges => _apps.Values.Sum(app => app.Total.Count);

    public long CountOf(GateRule rule) => _rules[(byte)rule];

    public AppTally? Of(string app) => _apps.GetValueOrDefault(app);

    public void Merge(LedgerStripe stripe)
    {
        for (var i = 0; i < _rules.Length; i++)
            _rules[i] += stripe.Rules[i];
        foreach (var app in stripe.Apps)
        {
            if (app is null)
                continue;
            if (!_apps.TryGetValue(app.Name, out var total))
                _apps.Add(app.Name, total = new(app.Name));
            total.Merge(app);
        }
    }
}
