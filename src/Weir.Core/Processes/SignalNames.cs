using System.Globalization;

namespace Weir.Core.Processes;

/// <summary>Names of the signals that tell a server to end or to get ready for it, with Linux's numbers.</summary>
internal static class SignalNames
{
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int UserOne = 10;
    public const int Terminate = 15;
    public const int TerminalStop = 20;

    private static readonly (string Name, int Number)[] s_all =
    [
        ("HUP", 1), ("INT", Interrupt), ("QUIT", Quit), ("KILL", 9), ("USR1", UserOne), ("USR2", 12),
        ("TERM", Terminate), ("TSTP", TerminalStop), ("TTIN", 21), ("TTOU", 22), ("WINCH", 28),
    ];

    public static string Known => string.Join(", ", s_all.Select(signal => signal.Name));

    /// <summary>"TERM", "SIGTERM" or "sigterm" → 15; 0 where it is none of those known.</summary>
    public static int Find(string name)
    {
        var plain = name.ToUpperInvariant();
        if (plain.StartsWith("SIG", StringComparison.Ordinal))
            plain = plain[3..];
        return Array.Find(s_all, signal => signal.Name == plain).Number;
    }

    /// <summary>15 → "TERM".</summary>
    public static string Name(int number) => Array.Find(s_all, signal => signal.Number == number).Name
        ?? number.ToString(CultureInfo.InvariantCulture);
}
