using Weir.Edge;
using Weir.Processes;
using Weir.Routing;

namespace Weir.Config;

/// <summary>
/// The one point where flags, environment and file become options: flags before environment before file before defaults
/// (which live on the options themselves). Every fault is found before any is told.
/// </summary>
internal sealed class SettingsBinder
{
    private readonly List<SettingFault> _faults = [];
    private readonly List<SettingSource> _sources = [];

    /// <summary>From the strongest source to the weakest.</summary>
    private readonly List<Dictionary<string, RawSetting>> _layers = [];
    private SettingsFile? _file;

    private SettingsBinder()
    {
    }

    /// <param name="flags">Setting name ("queue.max-wait") → value as written; items of a list separated by
    /// commas.</param>
    /// <param name="environment">All of the environment; WEIR_*, PORT, DYNO and what the file asks for are
    /// read.</param>
    /// <param name="yamlText">The file's text, or null where there is none.</param>
    /// <param name="yamlName">What to call it in faults ("weir.yaml").</param>
    /// <param name="beside">A .env file, weaker than the environment for what is Weir's own.</param>
    /// <returns>The options, or null where a fault is more than a warning.</returns>
    public static (WeirOptions? Options, IReadOnlyList<SettingFault> Faults) Bind(
        IReadOnlyDictionary<string, string> flags, IReadOnlyDictionary<string, string> environment, string? yamlText,
        string yamlName, EnvFile? beside = null)
    {
        var (options, faults) = BindAnyway(flags, environment, yamlText, yamlName, beside);
        return (faults.Any(fault => !fault.IsWarning) ? null : options, faults);
    }

    /// <summary>As <see cref="Bind"/>; what is faulty stays at its default.</summary>
    public static (WeirOptions Options, IReadOnlyList<SettingFault> Faults) BindAnyway(
        IReadOnlyDictionary<string, string> flags, IReadOnlyDictionary<string, string> environment, string? yamlText,
        string yamlName, EnvFile? beside = null)
    {
        var binder = new SettingsBinder();
        binder.ReadFlags(flags);
        binder.ReadEnvironment(environment, "");
        if (beside is not null)
        {
            binder.ReadEnvironment(beside.Variables, beside.Name + ": ");
            environment = beside.Below(environment);
        }
        if (yamlText is not null)
            binder._file = SettingsFile.Read(yamlText, yamlName, environment, binder._faults);
        binder._layers.Add((binder._file?.Values ?? []).ToDictionary(raw => raw.Name));
        binder.ChooseListener();
        var options = binder.BindAll(environment);
        SettingRules.Check(options, binder.Where, binder._faults);
        return (options, binder._faults);
    }

    private void ReadFlags(IReadOnlyDictionary<string, string> flags)
    {
        var layer = new Dictionary<string, RawSetting>();
        foreach (var (name, text) in flags)
        {
            if (Settings.Find(name) is { } setting)
                layer.Add(name, new RawSetting(name, text, null, setting.Flag));
            else
                _faults.Add(new SettingFault(name, "--" + name,
                    "no such setting" + NearestName.Hint(name, Settings.Names)));
        }
        _layers.Add(layer);
    }

    /// <param name="origin">Stands before a variable's name where it is told.</param>
    private void ReadEnvironment(IReadOnlyDictionary<string, string> environment, string origin)
    {
        var layer = new Dictionary<string, RawSetting>();
        var platform = new Dictionary<string, RawSetting>();
        foreach (var (variable, text) in environment)
        {
            if (variable == "PORT" && text.Length > 0)
                platform.Add("port", new RawSetting("port", text, null, origin + "PORT"));
            // WEIR_SOCKET and WEIR_RUN are what an instance of another Weir is given.
            var isOurs = variable.StartsWith("WEIR_", StringComparison.Ordinal)
                && variable is not ("WEIR_CONFIG" or "WEIR_SOCKET" or "WEIR_RUN");
            if (!isOurs)
                continue;
            if (Settings.All.FirstOrDefault(setting => setting.Variable == variable) is { } found)
            {
                layer.Add(found.Name, new RawSetting(found.Name, text, null, origin + variable));
                continue;
            }
            // Only a warning: a name of somebody else's must not keep Weir from starting.
            var hint = NearestName.Hint(variable, Settings.All.Select(setting => setting.Variable));
            _faults.Add(new SettingFault("", origin + variable, "no such setting" + hint, IsWarning: true));
        }
        _layers.Add(layer);
        _layers.Add(platform);
    }

    /// <summary>
    /// "port" is another way to say "listen": the stronger source of the two holds, and one source may not say both.
    /// </summary>
    private void ChooseListener()
    {
        var decided = false;
        foreach (var layer in _layers)
        {
            var (hasPort, hasListen) = (layer.ContainsKey("port"), layer.ContainsKey("listen"));
            if (hasPort && hasListen && !decided)
                _faults.Add(new SettingFault("port", layer["port"].Where, "give listen or port, not both"));
            if (decided)
            {
                layer.Remove("port");
                layer.Remove("listen");
            }
            decided |= hasPort || hasListen;
        }
    }

    private WeirOptions BindAll(IReadOnlyDictionary<string, string> environment)
    {
        var options = BindIni(new WeirOptions());
        foreach (var setting in Settings.All)
        {
            if (setting.Weir is { } land && Find(setting.Name) is { } raw && Read(setting, raw, raw.Name) is { } value)
                options = land(options, value);
        }
        var certificates = BindCertificates(options.Edge.Certificates);
        options = options with { Edge = options.Edge with { Certificates = certificates } };
        options = options with { Run = BindProcesses(options.Run) };
        options = BindPreset(options, environment);
        options = options with { Apps = BindApps() };
        return options with { Sources = _sources };
    }

    /// <summary>A pgbouncer.ini is what the pooler's own settings are laid over.</summary>
    private WeirOptions BindIni(WeirOptions options)
    {
        const string name = "pool.ini";
        return Find(name) is { } raw && Read(Settings.Find(name)!, raw, name) is { Text.Length: > 0 } value
            ? options with { Pool = PgBouncerFile.Read(value.Text, raw.Where, _faults) }
            : options;
    }

    /// <summary>
    /// Heroku sets DYNO, and its router is the only peer there. Its router keeps connections for 90 s, so ours must
    /// live longer, or a request could meet a connection that is just being closed.
    /// </summary>
    private WeirOptions BindPreset(WeirOptions options, IReadOnlyDictionary<string, string> environment)
    {
        if (environment.ContainsKey("DYNO") && Find("trusted-proxies") is null)
        {
            options = options with { Trust = options.Trust with { TrustedProxies = ["heroku"] } };
            _sources.Add(new SettingSource("trusted-proxies", "heroku", "DYNO"));
        }
        var preset = options.Trust.TrustedProxies.FirstOrDefault(DoorSettings.Presets.Contains);
        if (preset is null || Find("edge.keep-alive") is not null)
            return options;
        _sources.Add(new SettingSource("edge.keep-alive", "95s", $"trusted-proxies: {preset}"));
        return options with { Edge = options.Edge with { KeepAlive = TimeSpan.FromSeconds(95) } };
    }

    private List<CertificateOptions> BindCertificates(IReadOnlyList<CertificateOptions> first)
    {
        var certificates = first.ToList();
        foreach (var block in _file?.Certificates ?? [])
        {
            var certificate = new CertificateOptions { CertificateFile = "", KeyFile = "" };
            foreach (var raw in block.Values)
            {
                var setting = DoorSettings.Certificate.First(setting => setting.Name == raw.Name);
                if (Read(setting, raw, $"{block.Name}.{raw.Name}") is { } value)
                    certificate = setting.Certificate!(certificate, value);
            }
            certificates.Add(certificate);
        }
        return certificates;
    }

    /// <summary>A process type's own word in the file goes before the file's word for all types.</summary>
    private RunOptions BindProcesses(RunOptions run)
    {
        var types = new Dictionary<string, RunOptions>();
        foreach (var block in _file?.Processes ?? [])
        {
            var own = run;
            foreach (var setting in RunSettings.Process)
            {
                var strong = FindIn(_layers.Count - 1, RunSettings.TopName(setting));
                if (strong is null && block.Values.Find(raw => raw.Name == setting.Name) is { } raw
                    && Read(setting, raw, $"processes.{block.Name}.{setting.Name}") is { } value)
                    own = setting.Process!(own, value);
            }
            types[block.Name] = own;
        }
        return run with { Types = types };
    }

    private List<AppOptions> BindApps()
    {
        var blocks = _file?.Apps is { Count: > 0 } apps ? apps : [new FileBlock("web", "")];
        if (blocks.Count > 1)
            FaultAmbiguous(blocks);
        if (_file is { Routes.Count: > 0, Apps.Count: > 0 })
            _faults.Add(new SettingFault("routes", _file.Routes[0].Where,
                "the file has apps; put the routes into one of them"));
        return [.. blocks.Select(BindApp)];
    }

    /// <summary>With several apps, what makes an app that app cannot stand at the top.</summary>
    private void FaultAmbiguous(List<FileBlock> blocks)
    {
        foreach (var name in (string[])["to", "hosts", "path"])
        {
            if (Find(name) is not { } raw)
                continue;
            var names = string.Join(", ", blocks.Select(block => block.Name));
            _faults.Add(new SettingFault(name, raw.Where, $"which app is meant? Put it into one of apps: {names}"));
        }
    }

    private AppOptions BindApp(FileBlock block)
    {
        var app = new AppOptions { Name = block.Name };
        foreach (var setting in Settings.All)
        {
            if (setting.App is not { } land)
                continue;
            // The file's own word for this app stands between the environment and the file's word for all apps.
            var strong = FindIn(_layers.Count - 1, setting.Name);
            var own = block.Values.Find(raw => raw.Name == setting.Name);
            if ((strong ?? own ?? Find(setting.Name)) is not { } raw)
                continue;
            var key = raw == own ? $"apps.{block.Name}.{setting.Name}" : setting.Name;
            if (Read(setting, raw, key) is { } value)
                app = land(app, value);
        }
        var routes = _file is { Apps.Count: 0 } file ? file.Routes : block.Routes;
        return app with
        {
            Routes = [.. routes.Select(BindRoute)],
            To = [.. app.To.Select(to => WithSlots(to, app.Slots))],
        };
    }

    private static string WithSlots(string to, int slots) =>
        AddressText.Split(to).Slots is not null ? to : to + (slots == 0 ? "=async" : $"={slots}");

    private RouteOptions BindRoute(FileBlock block)
    {
        var route = new RouteOptions();
        if (block.Values.TrueForAll(raw => raw.Name != "path"))
            _faults.Add(new SettingFault(block.Name, block.Where, "a route needs a path"));
        foreach (var raw in block.Values)
        {
            var setting = AppSettings.Route.First(setting => setting.Name == raw.Name);
            if (Read(setting, raw, $"{block.Name}.{raw.Name}") is { } value)
                route = setting.Route!(route, value);
        }
        return route;
    }

    private RawSetting? Find(string name) => FindIn(_layers.Count, name);

    /// <summary>Only in the so many strongest sources; the file is the last.</summary>
    private RawSetting? FindIn(int layers, string name)
    {
        for (var i = 0; i < layers; i++)
        {
            if (_layers[i].TryGetValue(name, out var raw))
                return raw;
        }
        return null;
    }

    /// <summary>Where a setting was given, for faults found later; its name where it was not given at all.</summary>
    private string Where(string name) =>
        _sources.Find(source => source.Name == name || source.Name.EndsWith('.' + name, StringComparison.Ordinal))
            ?.Source ?? name;

    private SettingValue? Read(Setting setting, RawSetting raw, string key)
    {
        if (Filled(raw, setting.Secret, out var problem) is not { } filled)
        {
            AddOnce(new SettingFault(key, raw.Where, problem));
            return null;
        }
        var value = SettingText.Read(setting, filled, out var wrong);
        // What came from a file of its own may be a secret, and a fault would tell it.
        if (value is null)
        {
            var tells = setting.IsDiscreet || !setting.Secret && filled == raw;
            AddOnce(new SettingFault(key, raw.Where, tells ? wrong : "not a valid value"));
        }
        else if (!_sources.Exists(source => source.Name == key))
            _sources.Add(new SettingSource(key, setting.Secret ? "***" : raw.Shown, raw.Where));
        return value;
    }

    /// <summary>With each "file:/path" replaced by what stands in that file; null where one cannot be read.</summary>
    private static RawSetting? Filled(RawSetting raw, bool isSecret, out string problem)
    {
        if (raw.Items is null)
        {
            var text = SecretFile.Fill(raw.Text, isSecret, out problem);
            return text is null ? null : text == raw.Text ? raw : raw with { Text = text };
        }
        problem = "";
        var items = new List<string>();
        foreach (var item in raw.Items)
        {
            if (SecretFile.Fill(item, isSecret, out problem) is not { } text)
                return null;
            items.Add(text);
        }
        return items.SequenceEqual(raw.Items) ? raw : raw with { Items = items };
    }

    /// <summary>A value for all apps is read once for each.</summary>
    private void AddOnce(SettingFault fault)
    {
        if (!_faults.Contains(fault))
            _faults.Add(fault);
    }
}
