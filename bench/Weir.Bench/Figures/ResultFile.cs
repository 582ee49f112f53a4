using Weir.EndToEnd.Support;

namespace Weir.Bench.Figures;

/// <summary>
/// A scenario's outcome: printed, and kept in bench/results; a quick run's in results/quick, not in git.
/// </summary>
internal static class ResultFile
{
    /// <param name="shows">One or two sentences: what was done and what the figures mean.</param>
    /// <param name="programs">Whose versions are named.</param>
    public static void Write(
        BenchOptions options,
        string name,
        string shows,
        IEnumerable<string> programs,
        params object[] parts)
    {
        var kind = options.Full ? "full figures" : "a quick run: to see that it works, not to be quoted";
        var tables = string.Join("\n", parts);
        var text = $"# {name}\n\n{shows}\n\n{Machine.Describe(programs)} · {kind}\n\n{tables}";
        Console.WriteLine();
        Console.WriteLine(text);
        var folder = Path.Combine(Checkout.Root, "bench", "results", options.Full ? "" : "quick");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name + ".md"), text);
    }
}
