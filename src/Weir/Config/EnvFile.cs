namespace Weir.Config;

/// <summary>The variables of a .env file.</summary>
/// <param name="Name">What to call the file in faults and sources.</param>
internal sealed record EnvFile(string Name, IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>The environment, and what it does not have from the file.</summary>
    public Dictionary<string, string> Below(IReadOnlyDictionary<string, string> environment)
    {
        var both = environment.ToDictionary();
        foreach (var (name, value) in Variables)
            both.TryAdd(name, value);
        return both;
    }
}
