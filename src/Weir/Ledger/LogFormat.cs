namespace Weir.Ledger;

internal enum LogFormat : byte
{
    Logfmt,
    Json,
    Off,
}
