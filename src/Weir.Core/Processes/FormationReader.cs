using System.Globalization;

namespace Weir.Core.Processes;

/// <summary>Reads how many instances of which process type: "web=2,worker=1", "all=1".</summary>
internal static class FormationReader
{
    /// <summary>Names all types that have no number of their own.</summary>
    public const string Rest = "all";

    /// <summary>Instances of one type; as many as foreman's numbering has ports for.</summary>
    public const int CountMax = 100;

    /// <summary>Type → instances, or null and what is wrong.</summary>
    public static IReadOnlyDictionary<string, int>? Read(string text, out string problem)
    {
        var formation = new Dictionary<string, int>();
        foreach (var pair in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            problem = ReadPair(pair, out var name, out var count);
            if (problem.Length == 0 && !formation.TryAdd(name, count))
                problem = $"{name} is given twice";
            if (problem.Length > 0)
                return null;
        }

        problem = "";
        return formation;
    }

    /// <summary>"web=2"; returns what is wrong, or nothing.</summary>
    public static string ReadPair(string pair, out string name, out int count)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        name = equals < 0 ? pair : pair[..equals].TrimEnd();
        count = 0;
        if (equals < 0 || !ProcfileReader.IsName(name))
            return $"'{pair}' is not TYPE=NUMBER; write it like web=2,worker=1";
        var isCount = int.TryParse(
            pair.AsSpan(equals + 1).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out count);
        return isCount && count <= CountMax ? ""
            : $"'{pair}' does not end with a number of instances from 0 to {CountMax}; write it like {name}=2";
    }
}
