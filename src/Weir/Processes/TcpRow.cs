using System.Globalization;

namespace Weir.Processes;

/// <summary>One line of /proc/net/tcp or tcp6 (proc(5)).</summary>
/// <param name="Port">Of its local end.</param>
/// <param name="Queued">Of a listener: connections that nobody has accepted (kernels since 2.6.17).</param>
internal readonly record struct TcpRow(string State, int Port, uint Inode, int Queued)
{
    public const string Listening = "0A";
    public const string Established = "01";

    /// <summary>Every TCP socket of this network namespace; null where /proc does not tell.</summary>
    public static List<TcpRow>? All()
    {
        var lines = ProcFile.Lines("/proc/net/tcp").Concat(ProcFile.Lines("/proc/net/tcp6")).ToList();
        return lines.Count == 0 ? null : [.. lines.Select(Parse).OfType<TcpRow>()];
    }

    /// <summary>Null for the heading, and for what is no line of it.</summary>
    public static TcpRow? Parse(string line)
    {
        // sl local remote st tx:rx tr:when retransmits uid timeout inode
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length >= 10 && Last(words[1]) is { } port
            && uint.TryParse(words[9], NumberStyles.None, CultureInfo.InvariantCulture, out var inode)
            ? new TcpRow(words[3], port, inode, Last(words[4]) ?? 0) : null;
    }

    /// <summary>The hexadecimal number behind the last colon.</summary>
    private static int? Last(string word)
    {
        var colon = word.LastIndexOf(':');
        return colon >= 0 && int.TryParse(word.AsSpan(colon + 1), NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
