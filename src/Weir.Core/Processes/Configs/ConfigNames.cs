namespace Weir.Core.Processes.Configs;

/// <summary>What a name of a configuration stands for: its own variables, the environment, the processors.</summary>
internal sealed class ConfigNames(
    ConfigLanguage language, IReadOnlyDictionary<string, string> environment, ProcessorCounts processors)
{
    private static readonly string[] s_environments = ["ENV", "os.environ", "environ"];

    private static readonly string[] s_lookups =
    [
        "ENV.fetch", "os.environ.get", "environ.get", "os.getenv", "getenv", "ENV.key?", "ENV.has_key?", "ENV.include?",
    ];

    private readonly Dictionary<string, ConfigValue> _variables = [];

    public ConfigLanguage Language => language;

    public void Set(string name, ConfigValue value) => _variables[name] = value;

    public bool TryGet(string name, out ConfigValue value) => _variables.TryGetValue(name, out value);

    /// <summary>Every variable may be another from here on: a star import.</summary>
    public void Forget()
    {
        foreach (var name in _variables.Keys.ToList())
            _variables[name] = ConfigValue.Unknown;
    }

    public static bool IsEnvironment(string path) => s_environments.Contains(path);

    public static bool IsLookup(string path) => s_lookups.Contains(path);

    /// <summary>A variable of the environment; none where it is not set.</summary>
    public ConfigValue Environment(string name) => environment.TryGetValue(name, out var text)
        ? ConfigValue.OfText(text) with { Variables = name }
        : ConfigValue.None;

    public bool IsSet(string name) => environment.ContainsKey(name);

    /// <summary>A name that needs no arguments: a constant, or a count of processors.</summary>
    public bool TryConstant(string path, out ConfigValue value)
    {
        value = path switch
        {
            "nil" or "None" => ConfigValue.None,
            "true" or "True" => ConfigValue.Of(true),
            "false" or "False" => ConfigValue.Of(false),
            "Etc.nprocessors" or "Concurrent.processor_count" => ConfigValue.Of(processors.Allowed),
            "Concurrent.physical_processor_count" => ConfigValue.Of(processors.Cores),
            _ => ConfigValue.Unknown,
        };
        return value.IsKnown;
    }

    /// <summary>Python's counts, which are calls.</summary>
    public ConfigValue Count(string path) => path switch
    {
        "multiprocessing.cpu_count" or "cpu_count" or "os.cpu_count" or "mp.cpu_count" =>
            ConfigValue.Of(processors.Online),
        "os.process_cpu_count" or "os.sched_getaffinity" or "sched_getaffinity" => ConfigValue.Of(processors.Allowed),
        _ => ConfigValue.Unknown,
    };
}
