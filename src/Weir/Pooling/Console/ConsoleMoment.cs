using System.Globalization;
using Weir.Beat;

namespace Weir.Pooling.Console;

/// <summary>A moment of the house's clock for people.</summary>
internal static class ConsoleMoment
{
    /// <summary>"2026-11-22 06:31:39 UTC", as PgBouncer writes it.</summary>
    public static string Of(long at) => DateTime.UnixEpoch.AddMicroseconds(Clock.ToUnix(at))
        .ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
