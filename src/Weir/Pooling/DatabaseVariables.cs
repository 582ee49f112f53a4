using Weir.Core.Pooling.Addresses;

namespace Weir.Pooling;

/// <summary>What an app's environment says of PostgreSQL.</summary>
internal sealed record DatabaseVariables
{
    /// <summary>Those that are to be led through the pooler.</summary>
    public IReadOnlyList<DatabaseVariable> Pooled { get; init; } = [];

    /// <summary>Names of variables that hold PostgreSQL URLs too, and that nobody asked to pool.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>Named ones that cannot be read, each with what is wrong.</summary>
    public IReadOnlyList<(string Name, string Problem)> Faulty { get; init; } = [];

    /// <param name="names">pool.variables.</param>
    public static DatabaseVariables Read(
        IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> names)
    {
        var pooled = new List<DatabaseVariable>();
        var faulty = new List<(string, string)>();
        foreach (var name in names.Distinct())
        {
            if (environment.GetValueOrDefault(name) is not { } text || !DatabaseUrl.Names(text))
                continue;
            if (LibpqVariables.Parse(text, environment, out var problem) is { } url)
                pooled.Add(Variable(name, text, url));
            else
                faulty.Add((name, problem));
        }

        return new DatabaseVariables
        {
            Pooled = pooled,
            Faulty = faulty,
            Others = [.. environment.Where(pair => !names.Contains(pair.Key) && DatabaseUrl.Names(pair.Value))
                .Select(pair => pair.Key).Order(StringComparer.Ordinal)],
        };
    }

    private static DatabaseVariable Variable(string name, string text, DatabaseUrl url) =>
        new(name, url, $"{text}\n{url.Password}\n{string.Join('\n', url.Parameters)}");
}
