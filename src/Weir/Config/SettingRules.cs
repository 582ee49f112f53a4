using Weir.Routing;

namespace Weir.Config;

/// <summary>Limits that depend on each other, checked once all are known.</summary>
internal static class SettingRules
{
    /// <param name="where">Where a setting was given.</param>
    public static void Check(WeirOptions options, Func<string, string> where, List<SettingFault> faults)
    {
        void Fault(string key, string problem, bool warning = false) =>
            faults.Add(new SettingFault(key, where(key), problem, warning));

        CheckDoor(options, Fault);
        foreach (var (key, problem) in options.Pool.Validate())
            Fault(key, problem);
        if (options.Intake.BodyMax > options.Intake.ClientBytesMax)
            Fault("intake.client-max", "is less than intake.body-max, so that one such body could never come in");
        if (options.Intake.TotalMemoryMax != 0 && options.Intake.TotalMemoryMax < options.Intake.MemoryMax)
            Fault("intake.total-memory", "is less than intake.memory, what one body may have");
        if (options.Outflow.TotalMemoryMax != 0 && options.Outflow.TotalMemoryMax < options.Outflow.MemoryMax)
            Fault("outflow.total-memory", "is less than outflow.memory, what one answer may have");
        foreach (var app in options.Apps)
            CheckApp(app, options.Intake.ClientBytesMax, Fault);
        CheckOverlap(options.Apps, Fault);
        CheckCircle(options, Fault);
    }

    private static void CheckDoor(WeirOptions options, Action<string, string, bool> fault)
    {
        var edge = options.Edge;
        if (edge.Listen.Count == 0 && edge.ListenTls.Count == 0)
            fault("listen", "nothing to listen on; give listen or listen-tls", false);
        foreach (var twice in edge.Listen.Concat(edge.ListenTls)
            .GroupBy(address => address).Where(group => group.Count() > 1))
        {
            if (!twice.Key.EndsWith(":0", StringComparison.Ordinal))
                fault("listen", $"{twice.Key} is given twice", false);
        }
        if (edge.ListenTls.Count > 0 && edge.Certificates.Count == 0)
            fault("listen-tls", "needs a certificate; give tls.certificate and tls.key, or certificates", false);
        if (edge.ListenTls.Count == 0 && edge.Certificates.Count > 0)
            fault("listen-tls", "there is a certificate but no TLS address; give listen-tls", true);
        foreach (var certificate in edge.Certificates)
        {
            if (certificate.CertificateFile.Length == 0 || certificate.KeyFile.Length == 0)
                fault("tls.certificate", "a certificate needs its file and its key's file", false);
        }
    }

    private static void CheckApp(AppOptions app, long clientBytesMax, Action<string, string, bool> fault)
    {
        foreach (var route in app.Routes.Where(route => !route.Stream && route.BodyMax > clientBytesMax))
            fault("intake.client-max",
                $"is less than the body-max of {route.Path}, so that one such body could never come in", false);
        foreach (var twice in app.To.GroupBy(to => AddressText.Split(to).Address).Where(group => group.Count() > 1))
            fault("to", $"{twice.Key} is given twice in {app.Name}; give it once, with all its slots", false);
        foreach (var twice in app.Routes.GroupBy(route => route.Path).Where(group => group.Count() > 1))
            fault("routes", $"{twice.Key} is given twice in {app.Name}", false);
        if (app.Routing.QuarantineMax > app.Routing.AllRefusedMax)
            fault("routing.quarantine-max",
                $"is more than routing.all-refused-max in {app.Name}: nobody would wait for it", false);
    }

    private static void CheckCircle(WeirOptions options, Action<string, string, bool> fault)
    {
        var listens = options.Edge.Listen.Concat(options.Edge.ListenTls).ToList();
        foreach (var to in options.Apps.SelectMany(app => app.To).Select(to => AddressText.Split(to).Address))
        {
            if (listens.Find(listen => AddressText.AreOne(listen, to)) is { } own)
                fault("to", $"{to} is Weir itself, which listens on {own}: requests would go round in a circle; "
                    + "give the app's own address", false);
        }
    }

    private static void CheckOverlap(IReadOnlyList<AppOptions> apps, Action<string, string, bool> fault)
    {
        var seen = new Dictionary<(string Host, string Path), string>();
        foreach (var app in apps)
        {
            foreach (var host in app.Hosts.Count > 0 ? app.Hosts : ["*"])
            {
                if (!seen.TryAdd((host, app.Path), app.Name))
                    fault("apps", $"{seen[(host, app.Path)]} and {app.Name} both take {host}{app.Path}", false);
            }
        }
    }
}
