using Weir.Core.Processes.Configs;
using Weir.Core.Processes.Lines;

namespace Weir.Core.Processes.Servers;

/// <summary>A server's call, with what its reader needs to look further.</summary>
internal sealed class ServerCall(ProgramCall call, SlotQuestion question)
{
    public string Program => call.Program;
    public IReadOnlyList<string> Arguments => call.Arguments;
    public IReadOnlyDictionary<string, string> Environment => call.Environment;

    /// <summary>A file's text by its path from where the server runs; null where there is none.</summary>
    public string? Read(string path) => question.ReadFile(At(path));

    public IReadOnlyList<string> List(string pattern) => question.ListFiles(At(pattern));

    /// <summary>The names of a configuration, with variables that the server itself sets before it reads one.</summary>
    public ConfigNames Names(ConfigLanguage language, params (string Name, string Value)[] set)
    {
        if (set.Length == 0)
            return new ConfigNames(language, Environment, question.Processors);
        var all = new Dictionary<string, string>(Environment);
        foreach (var (name, value) in set)
            all[name] = value;
        return new ConfigNames(language, all, question.Processors);
    }

    public ProcessorCounts Processors => question.Processors;

    /// <summary>Text with the environment's variables filled in, as a shell would.</summary>
    public string Expand(string text) => new ShellExpansion(Environment, [], question.Processors).Text(text);

    public string Variable(params string[] names)
    {
        foreach (var name in names)
        {
            if (Environment.TryGetValue(name, out var value) && value.Length > 0)
                return value;
        }

        return "";
    }

    private string At(string path) =>
        path.StartsWith('/') || call.Folder.Length == 0 ? path : $"{call.Folder}/{path}";
}
