using Weir.Core.Processes;

namespace Weir.Tests.Processes;

/// <summary>Asks the finder, with an environment and files written as text.</summary>
internal static class Ask
{
    /// <param name="environment">"WEB_CONCURRENCY=3 RAILS_ENV=production".</param>
    /// <param name="files">Path and text in turns.</param>
    public static SlotFinding Of(string line, string environment = "", params string[] files) =>
        SlotFinder.Find(Question(line, environment, files));

    public static SlotQuestion Question(string line, string environment = "", params string[] files)
    {
        var all = new Dictionary<string, string>();
        for (var i = 0; i + 1 < files.Length; i += 2) all[files[i]] = files[i + 1];
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1].Replace('~', ' '));
        return new SlotQuestion(line, variables, all.GetValueOrDefault)
        {
            Processors = new ProcessorCounts(Online: 8, Allowed: 4, Cores: 2),
            ListFiles = pattern => [.. all.Keys.Where(path => Matches(path, pattern))],
        };
    }

    private static bool Matches(string path, string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        return star >= 0 && path.StartsWith(pattern[..star], StringComparison.Ordinal)
            && path.EndsWith(pattern[(star + 1)..], StringComparison.Ordinal);
    }
}
