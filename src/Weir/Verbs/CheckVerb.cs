using Weir.Config;
using Weir.Routing;

namespace Weir.Verbs;

/// <summary>
/// Validates the configuration as <c>run</c> and <c>proxy</c> would bind it here and now, and says what would be in
/// force.
/// </summary>
internal static class CheckVerb
{
    public static Task<int> RunAsync(VerbCall call)
    {
        if (call.Words.Count > 0 && call.Values.ContainsKey("config"))
            return Task.FromResult(CommandLine.Wrong("check: give the file once, as FILE or as --config"));
        var path = call.Words.Count > 0 ? call.Words[0] : OptionsLoader.FilePath(call);
        var text = path is null ? null : OptionsLoader.ReadFile(path);
        if (path is not null && text is null)
            return Task.FromResult(CommandLine.WrongUsage);
        return Task.FromResult(Check(call.Values, OptionsLoader.Variables(), text, path, Console.Out));
    }

    /// <summary>Faults to stderr and 2, or a summary to <paramref name="output"/> and 0.</summary>
    public static int Check(
        IReadOnlyDictionary<string, string> flags, IReadOnlyDictionary<string, string> environment,
            string? text, string? path,
        TextWriter output)
    {
        var (options, faults) = SettingsBinder.Bind(flags, environment, text, path ?? "");
        var missing = options is null ? [] : MissingFiles(options).ToList();
        OptionsLoader.Tell(faults.Concat(missing));
        if (options is null || missing.Count > 0)
            return CommandLine.WrongUsage;
        output.WriteLine($"{path ?? "No file; flags and environment"}: no faults. In force would be:");
        Summarise(options, output);
        return 0;
    }

    private static IEnumerable<SettingFault> MissingFiles(WeirOptions options)
    {
        foreach (var file in options.Edge.Certificates.SelectMany(pair => new[] { pair.CertificateFile, pair.KeyFile }))
        {
            if (!File.Exists(file))
                yield return new SettingFault("certificates", file,
                    "there is no such file; give the certificate's path");
        }
        var pool = options.Pool;
        (string Key, string File)[] named =
        [
            ("pool.auth-file", pool.AuthFile), ("pool.tls-certificate", pool.TlsCertificate),
            ("pool.tls-key", pool.TlsKey), ("pool.tls-ca", pool.TlsCa),
        ];
        foreach (var (key, file) in named.Where(one => one.File.Length > 0 && !File.Exists(one.File)))
            yield return new SettingFault(key, file, "there is no such file; give its path");
    }

    private static void Summarise(WeirOptions options, TextWriter output)
    {
        var tls = options.Edge.ListenTls.Count > 0 ? $", with TLS on {string.Join(' ', options.Edge.ListenTls)}" : "";
        output.WriteLine($"  listens on {string.Join(' ', options.Edge.Listen)}{tls}; admin on {options.Admin.Listen}");
        var trusted = options.Trust.TrustedProxies;
        var believed = trusted.Count > 0 ? string.Join(' ', trusted) : "no peer";
        output.WriteLine($"  believes {believed} about who the client is");
        foreach (var app in options.Apps)
            Summarise(app, output);
        if (options.Sources.Count == 0)
            output.WriteLine("  every setting is at its default");
        var width = options.Sources.Count == 0 ? 0 : options.Sources.Max(source => source.Name.Length);
        foreach (var source in options.Sources)
            output.WriteLine($"  {source.Name.PadRight(width)}  {source.Value}  ({source.Source})");
    }

    private static void Summarise(AppOptions app, TextWriter output)
    {
        var hosts = app.Hosts.Count > 0 ? string.Join(' ', app.Hosts) : "every host";
        var to = app.To.Count > 0 ? string.Join(' ', app.To) : $"what weir run starts, with {app.Slots} slots";
        var routes = app.Routes.Count > 0 ? $", {app.Routes.Count} routes of its own" : "";
        output.WriteLine($"  {app.Name}: {hosts}, {app.Path} → {to}{routes}");
    }
}
