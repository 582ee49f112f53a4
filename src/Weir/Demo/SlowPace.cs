namespace Weir.Demo;

/// <summary>The pace of a phone in a train: 100 KiB/s, in ten pieces a second.</summary>
internal static class SlowPace
{
    public const int BytesPerSecond = 100 * 1024;
    public const int PieceBytes = BytesPerSecond / 10;
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>After a broken connection, so that a server that refuses is not stormed.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
}
