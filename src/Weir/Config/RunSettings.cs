using Weir.Core.Processes;
using Weir.Processes;

namespace Weir.Config;

/// <summary>What <c>weir run</c> starts, and the life of its instances.</summary>
internal static class RunSettings
{
    private const string InstancePrefix = "instance.";
    private const long Millisecond = 1_000;
    private const long Hour = 3_600_000_000;

    /// <summary>Twice what a port may be is no port; the numbers counted from it must be ports too.</summary>
    private const int PortBaseMax = 60_000;

    private static readonly Setting[] s_instance =
    [
        Instance("ready-path", SettingKind.Text, "off", "Ready is a 2xx on this path. off: ready is bound.",
            (run, value) => run with { ReadyPath = value.Text }) with
        {
            Zero = "off",
            Check = AppSettings.AppPath,
        },
        Instance("stop-signal", SettingKind.List, "auto",
            "Signals that end an instance, in this order: TSTP,TERM. auto: what its server is used to, else TERM.",
            (run, value) => run with { StopSignals = [.. value.Items.Select(SignalNames.Find)] }) with
        {
            Zero = "auto",
            Check = Signal,
        },
        Instance("stop-timeout", SettingKind.Duration, "auto",
            "Then it is killed. auto: what its server is used to, else 10s.",
            (run, value) => run with { StopTimeout = value.Time }) with
        {
            Min = Millisecond,
            Max = 24 * Hour,
            Zero = "auto",
        },
        Instance("memory-max", SettingKind.Size, "off", "Memory (PSS) of an instance; past it, it is recycled.",
            (run, value) => run with { MemoryMax = value.Number }) with
        {
            Min = 1L << 20,
            Zero = "off",
        },
        Instance("requests-max", SettingKind.Count, "off",
            "Requests after which an instance is recycled, with up to 10% of jitter.",
            (run, value) => run with { RequestsMax = value.Count }) with
        {
            Min = 1,
            Max = int.MaxValue,
            Zero = "off",
        },
    ];

    public static IReadOnlyList<Setting> All { get; } = [.. Start(), .. s_instance];

    /// <summary>What a process type may have of its own, in the file: processes.NAME.</summary>
    public static IReadOnlyList<Setting> Process { get; } =
        [.. s_instance.Select(setting => setting with { Name = setting.Name[InstancePrefix.Length..] })];

    /// <summary>The name at the top for a name in a process type: "stop-signal" → "instance.stop-signal".</summary>
    public static string TopName(Setting setting) => InstancePrefix + setting.Name;

    private static IEnumerable<Setting> Start() =>
    [
        new("run.procfile", SettingKind.Text, "Procfile", "What to start; it runs in the Procfile's folder.")
        {
            Weir = (weir, value) => weir with { Run = weir.Run with { Procfile = value.Text } },
        },
        new("run.env-file", SettingKind.Text, RunOptions.UsualEnvFile,
            "Variables of every instance, beside the Procfile; PORT and WEIR_* in it are Weir's own.")
        {
            Weir = (weir, value) => weir with { Run = weir.Run with { EnvFile = value.Text } },
        },
        new("run.formation", SettingKind.List, "",
            "Instances of each process type: web=2,worker=1; all=0 for those not named. None: one each.")
        {
            Alias = "formation",
            Check = Pair,
            Weir = (weir, value) => weir with { Run = weir.Run with { Formation = Formation(value.Items) } },
        },
        new("run.port-base", SettingKind.Count, "5000",
            "PORT of the first type's first instance; the next is one more, the next type's a hundred more.")
        {
            Min = 1,
            Max = PortBaseMax,
            Weir = (weir, value) => weir with { Run = weir.Run with { PortBase = value.Count } },
        },
        new("run.split", SettingKind.Switch, "off",
            "A command with N workers becomes N instances of one each, whose slots are exact.")
        {
            Alias = "split",
            Weir = (weir, value) => weir with { Run = weir.Run with { Split = value.On } },
        },
        new("run.adopt", SettingKind.Switch, "off",
            "Instances outlive a Weir that was killed, and the next one in this folder takes them over.")
        {
            Alias = "adopt",
            Weir = (weir, value) => weir with { Run = weir.Run with { Adopt = value.On } },
        },
        new("run.pool", SettingKind.Text, "off",
            "A weir pool of its own life that instances are led to, in place of a pooler in this Weir.")
        {
            Alias = "pool",
            Zero = "off",
            Check = AddressText.Server,
            Weir = (weir, value) => weir with { Run = weir.Run with { Pool = value.Text } },
        },
    ];

    private static Setting Instance(
        string name, SettingKind kind, string usual, string doc, Func<RunOptions, SettingValue, RunOptions> land) =>
        new(InstancePrefix + name, kind, usual, doc)
        {
            Process = land,
            Weir = (weir, value) => weir with { Run = land(weir.Run, value) },
        };

    private static (string? Text, string Problem) Signal(string text) =>
        SignalNames.Find(text) is > 0 and var number
            ? (SignalNames.Name(number), "")
            : (null, $"'{text}' is not a signal known here; it is one of {SignalNames.Known}");

    private static (string? Text, string Problem) Pair(string text) =>
        FormationReader.ReadPair(text, out var name, out var count) is { Length: > 0 } problem
            ? (null, problem)
            : ($"{name}={count}", "");

    /// <summary>The last word about a type holds.</summary>
    private static Dictionary<string, int> Formation(IReadOnlyList<string> pairs)
    {
        var formation = new Dictionary<string, int>();
        foreach (var pair in pairs)
        {
            if (FormationReader.ReadPair(pair, out var name, out var count).Length == 0)
                formation[name] = count;
        }

        return formation;
    }
}
