using System.Globalization;
using System.Text;

namespace Weir.Edge;

/// <summary>The present second as a Date field's value, made once a second by the heartbeat.</summary>
internal static class DateField
{
    private static byte[] s_value = Make(DateTime.UtcNow);
    private static long s_second;

    public static ReadOnlySpan<byte> Value => Volatile.Read(ref s_value);

    public static void Tick(DateTime utcNow)
    {
        var second = utcNow.Ticks / TimeSpan.TicksPerSecond;
        if (second == s_second)
            return;
        s_second = second;
        Volatile.Write(ref s_value, Make(utcNow));
    }

    private static byte[] Make(DateTime utcNow) =>
        Encoding.ASCII.GetBytes(utcNow.ToString("r", CultureInfo.InvariantCulture));
}
