namespace Weir.Processes;

/// <summary>What an instance said last, on one line.</summary>
internal static class LastWords
{
    private const int LinesMax = 3;

    /// <summary>
    /// The last line that tells of an error, where one does, and what followed: servers say more after it.
    /// </summary>
    public static string Of(IReadOnlyList<string> lines)
    {
        var said = lines.Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        var matters = said.FindLastIndex(line => line.Contains("error", StringComparison.OrdinalIgnoreCase));
        return string.Join(" | ", matters >= 0 ? said.Skip(matters).Take(LinesMax) : said.TakeLast(LinesMax));
    }
}
