namespace Weir.Ledger;

/// <summary>Takes one record an exchange and feeds log, metrics and the last thousand.</summary>
internal sealed class ExchangeLedger
{
    public void Write(in LedgerEntry entry) => throw new NotImplementedException();
}
