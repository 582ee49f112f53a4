using System.Runtime.CompilerServices;

namespace Weir.Core.Ledger;

/// <summary>Microseconds spent in each <see cref="Phase"/>.</summary>
[InlineArray(6)]
internal struct PhaseTimes
{
    private long _first;

    public readonly long Total
    {
        get
        {
            long total = 0;
            foreach (var part in this)
                total += part;
            return total;
        }
    }
}
