namespace Weir.Core.Ledger;

/// <summary>How much a person should care; the log line's <c>at=</c>.</summary>
internal enum OutcomeLevel : byte
{
    Info,
    Warning,
    Error,
}
