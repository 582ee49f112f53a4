using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Weir.Config;

/// <summary>
/// weir.yaml as raw settings with their lines. "queue: {max-wait: 10s}" and "queue.max-wait: 10s" are the same. Only
/// this file knows YAML, so that a start without a file does not load the library.
/// </summary>
internal sealed class SettingsFile
{
    /// <summary>Deeper nesting is no configuration of ours; it also bounds what aliases can unfold to.</summary>
    private const int DepthMax = 8;

    /// <summary>Keys at the top that are no settings.</summary>
    private static readonly string[] s_blocks = ["apps", "processes", "routes", "certificates"];

    private readonly string _name;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly List<SettingFault> _faults;

    private SettingsFile(string name, IReadOnlyDictionary<string, string> environment, List<SettingFault> faults)
    {
        _name = name;
        _environment = environment;
        _faults = faults;
    }

    public List<RawSetting> Values { get; } = [];
    public List<FileBlock> Apps { get; } = [];
    public List<FileBlock> Processes { get; } = [];
    public List<FileBlock> Routes { get; } = [];
    public List<FileBlock> Certificates { get; } = [];

    public static SettingsFile Read(
        string yaml, string name, IReadOnlyDictionary<string, string> environment, List<SettingFault> faults)
    {
        var file = new SettingsFile(name, environment, faults);
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents.Count > 1)
                file.Fault("", stream.Documents[1].RootNode, "one document only; take away what follows '---'");
            else if (stream.Documents.Count == 1)
                file.ReadTop(stream.Documents[0].RootNode);
        }
        catch (YamlException fault)
        {
            var reason = fault.InnerException?.Message ?? fault.Message;
            faults.Add(new SettingFault("", $"{name}:{fault.Start.Line}", $"not valid YAML: {reason.TrimEnd('.')}"));
        }
        return file;
    }

    private void ReadTop(YamlNode root)
    {
        if (root is YamlScalarNode { Value: null or "" })
            return;
        if (root is not YamlMappingNode top)
        {
            Fault("", root, "the file must be a mapping, like 'queue.max-wait: 10s'");
            return;
        }
        foreach (var (key, value) in top.Children)
        {
            switch (Text(key))
            {
                case "apps":
                    ReadApps(value);
                    break;
                case "processes":
                    ReadProcesses(value);
                    break;
                case "routes":
                    ReadBlocks("routes", value, AppSettings.Route, Routes);
                    break;
                case "certificates":
                    ReadBlocks("certificates", value, DoorSettings.Certificate, Certificates);
                    break;
                default:
                    ReadValue("", key, value, Settings.All, s_blocks, Values, 0);
                    break;
            }
        }
    }

    private void ReadApps(YamlNode node)
    {
        if (node is not YamlMappingNode apps)
        {
            Fault("apps", node, "must be a mapping of app names, like 'apps: {web: {to: [127.0.0.1:8000=4]}}'");
            return;
        }
        foreach (var (key, value) in apps.Children)
        {
            var app = new FileBlock(Text(key), Where(key));
            Apps.Add(app);
            if (value is not YamlMappingNode body)
            {
                Fault("apps." + app.Name, value,
                    "must be a mapping, like '{hosts: [a.example.com], to: [127.0.0.1:8000=4]}'");
                continue;
            }
            var known = Settings.All.Where(setting => setting.App is not null).ToList();
            foreach (var (name, item) in body.Children)
            {
                if (Text(name) == "routes")
                    ReadBlocks($"apps.{app.Name}.routes", item, AppSettings.Route, app.Routes);
                else
                    ReadValue("", name, item, known, ["routes"], app.Values, 0, $"apps.{app.Name}.");
            }
        }
    }

    private void ReadProcesses(YamlNode node)
    {
        if (node is not YamlMappingNode types)
        {
            Fault("processes", node,
                "must be a mapping of process types, like 'processes: {worker: {stop-timeout: 5m}}'");
            return;
        }
        foreach (var (key, value) in types.Children)
        {
            var type = new FileBlock(Text(key), Where(key));
            Processes.Add(type);
            if (value is not YamlMappingNode body)
            {
                Fault("processes." + type.Name, value,
                    "must be a mapping, like '{stop-signal: QUIT, stop-timeout: 5m}'");
                continue;
            }
            foreach (var (name, item) in body.Children)
                ReadValue("", name, item, RunSettings.Process, [], type.Values, 0, $"processes.{type.Name}.");
        }
    }

    private void ReadBlocks(string owner, YamlNode node, IReadOnlyList<Setting> known, List<FileBlock> into)
    {
        if (node is not YamlSequenceNode blocks)
        {
            Fault(owner, node, "must be a list");
            return;
        }
        foreach (var (value, index) in blocks.Children.Select((value, index) => (value, index)))
        {
            var block = new FileBlock($"{owner}[{index}]", Where(value));
            into.Add(block);
            if (value is not YamlMappingNode body)
            {
                Fault(block.Name, value,
                    $"must be a mapping with {string.Join(", ", known.Select(setting => setting.Name))}");
                continue;
            }
            foreach (var (name, item) in body.Children)
                ReadValue("", name, item, known, [], block.Values, 0, block.Name + ".");
        }
    }

    /// <summary>One key with its value, or a section with the keys under it.</summary>
    private void ReadValue(
        string prefix, YamlNode key, YamlNode value, IReadOnlyList<Setting> known,
            string[] others, List<RawSetting> into,
        int depth, string owner = "")
    {
        var name = prefix + Text(key);
        var isKnown = known.Any(setting => setting.Name == name);
        var isSection = known.Any(setting => setting.Name.StartsWith(name + '.', StringComparison.Ordinal));
        if (value is YamlMappingNode section && isSection && depth < DepthMax)
        {
            foreach (var (inner, item) in section.Children)
                ReadValue(name + '.', inner, item, known, others, into, depth + 1, owner);
        }
        else if (!isKnown)
        {
            var names = known.Select(setting => setting.Name).Concat(prefix.Length == 0 ? others : []);
            var misplaced = owner.Length > 0 && Settings.Find(name) is not null;
            Fault(owner + name, key, misplaced ? "belongs at the top of the file, not here"
                : isSection ? "is a section; give it keys"
                : "no such setting" + NearestName.Hint(name, names));
        }
        else
        {
            Add(name, owner, value, into);
        }
    }

    private void Add(string name, string owner, YamlNode value, List<RawSetting> into)
    {
        if (into.Any(raw => raw.Name == name))
            Fault(owner + name, value, "is given twice");
        else if (value is YamlScalarNode { Value: null or "" or "~" or "null", Style: ScalarStyle.Plain })
            Fault(owner + name, value, "has no value; give one or take the line away");
        else if (value is YamlScalarNode scalar)
            into.Add(new RawSetting(name, Filled(owner + name, scalar), null, Where(value)));
        else if (value is YamlSequenceNode items && items.Children.All(item => item is YamlScalarNode))
            into.Add(new RawSetting(name, "", [.. items.Select(item => Filled(owner + name, item))], Where(value)));
        else
            Fault(owner + name, value, "takes a value or a list of values");
    }

    /// <summary>The text with each ${NAME} and ${NAME:-default} filled in from the environment.</summary>
    private string Filled(string key, YamlNode node)
    {
        var text = Text(node);
        for (var start = text.IndexOf("${", StringComparison.Ordinal); start >= 0;)
        {
            var end = text.IndexOf('}', start);
            if (end < 0)
            {
                Fault(key, node, "'${' without '}'");
                return text;
            }
            var parts = text[(start + 2)..end].Split(":-", 2);
            if (!_environment.TryGetValue(parts[0], out var filled) && parts.Length == 1)
                Fault(key, node,
                    $"{parts[0]} is not set in the environment; set it, or write ${{{parts[0]}:-default}}");
            filled ??= parts.Length == 2 ? parts[1] : "";
            text = text[..start] + filled + text[(end + 1)..];
            start = text.IndexOf("${", start + filled.Length, StringComparison.Ordinal);
        }
        return text;
    }

    private void Fault(string key, YamlNode at, string problem) =>
        _faults.Add(new SettingFault(key, Where(at), problem));

    private string Where(YamlNode node) => $"{_name}:{node.Start.Line}";

    private static string Text(YamlNode node) => (node as YamlScalarNode)?.Value ?? "";
}
