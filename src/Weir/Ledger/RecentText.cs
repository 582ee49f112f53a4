namespace Weir.Ledger;

/// <summary>
/// The bytes of a kept record, valid during the reader's call. The path's query is as it came: mask before it leaves.
/// </summary>
internal ref struct RecentText
{
    public ReadOnlySpan<byte> Method;
    public ReadOnlySpan<byte> Host;
    public ReadOnlySpan<byte> RequestId;
    public ReadOnlySpan<byte> Path;
}
