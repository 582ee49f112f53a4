using System.Net.Sockets;
using Weir.Control;

namespace Weir.Verbs;

/// <summary>The admin door of whatever serves: opened, and told of.</summary>
internal static class AdminOpening
{
    /// <summary>Where it cannot be opened, what serves does so without it; that it has none must be seen.</summary>
    public static async Task OpenAsync(AdminServer admin, bool isQuiet)
    {
        try
        {
            await admin.StartAsync().ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or SocketException or FormatException)
        {
            CommandLine.Say($"admin is off: {fault.Message}");
        }

        if (!isQuiet && admin.Tcp is { } tcp)
            CommandLine.Say($"admin on http://{tcp}");
    }
}
