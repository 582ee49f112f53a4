using System.Globalization;

namespace Weir.Edge;

/// <summary>How many connections the descriptor limit has room for.</summary>
internal static class Descriptors
{
    /// <summary>Kept for listeners, logs, spill files, the admin door and the runtime.</summary>
    private const int Reserve = 128;

    /// <summary>
    /// The configured bound, or what the limit leaves: an exchange may need one for its client and one for the app.
    /// </summary>
    public static int ConnectionsMax(int configured)
    {
        if (configured > 0)
            return configured;
        var limit = Limit();
        return limit == long.MaxValue ? int.MaxValue : (int)Math.Clamp(limit - Reserve - limit / 8, 16, int.MaxValue);
    }

    private static long Limit()
    {
        if (!File.Exists("/proc/self/limits"))
            return 1024;
        foreach (var line in File.ReadLines("/proc/self/limits"))
        {
            if (!line.StartsWith("Max open files", StringComparison.Ordinal))
                continue;
            var soft = line["Max open files".Length..].TrimStart().Split(' ')[0];
            var isNumber = long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit);
            return isNumber ? limit : long.MaxValue;
        }

        return 1024;
    }
}
