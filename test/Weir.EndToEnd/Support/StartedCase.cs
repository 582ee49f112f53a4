using System.Collections;
using System.Globalization;

namespace Weir.EndToEnd.Support;

/// <summary>A <see cref="ServerCase"/> that runs in a folder of its own, and is gone with it on Dispose.</summary>
internal sealed class StartedCase : IDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(30);
    private readonly ChildProcess _process;

    private StartedCase(ChildProcess process, ServerCase one, int port, string folder)
    {
        (_process, Port, Folder) = (process, port, folder);
        Line = ServerCase.Filled(one.Line, port, folder);
        Environment = Variables(one, port);
    }

    public int Port { get; }
    public string Folder { get; }
    public string Line { get; }
    public Dictionary<string, string> Environment { get; }
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>The session's leader: the shell, or the server where its line ended with it.</summary>
    public int Leader => _process.Id;
    public string Output => _process.Output;

    public static StartedCase Start(ServerCase one)
    {
        var port = FreePort.Next();
        var folder = TemporaryFolder.Make();
        for (var i = 0; i + 1 < one.Files.Count; i += 2)
        {
            var path = Path.Combine(folder, one.Files[i]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, ServerCase.Filled(one.Files[i + 1], port, folder));
        }

        // A Rails app is a whole folder; the others are files that a line names.
        var runsIn = one.Program == "rails" ? Path.Combine(Checkout.Apps, "rails") : folder;
        var line = ServerCase.Filled(one.Line, port, folder);
        var variables = Variables(one, port);
        if (variables.TryGetValue("PIDFILE", out var file))
            variables["PIDFILE"] = Path.Combine(folder, file);
        var process = ChildProcess.Start(["sh", "-c", "cd \"$0\" || exit 1; " + line, runsIn], variables, folder);
        try
        {
            process.WaitForPort(port, ReadyWithin);
            WaitForAnswer(port, process);
            return new StartedCase(process, one, port, runsIn);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        // PHP-FPM leaves its starter's group for one of its own, even in the foreground.
        var file = Path.Combine(Folder, "fpm.pid");
        if (File.Exists(file))
        {
            var group = "-" + File.ReadAllText(file).Trim();
            using var kill = System.Diagnostics.Process.Start("kill", ["-KILL", "--", group]);
            kill.WaitForExit();
        }

        _process.Dispose();
    }

    /// <summary>A web server listens before what it stands before does.</summary>
    private static void WaitForAnswer(int port, ChildProcess process)
    {
        using var http = new HttpClient();
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/sleep?ms=1"));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (clock.Elapsed < ReadyWithin)
        {
            using var answer = http.GetAsync(address).GetAwaiter().GetResult();
            if (answer.IsSuccessStatusCode) return;
            Thread.Sleep(20);
        }

        throw new InvalidOperationException($"{process.Name} gives no good answer:\n{process.Output}");
    }

    private static Dictionary<string, string> Variables(ServerCase one, int port)
    {
        var all = new Dictionary<string, string>();
        foreach (DictionaryEntry pair in System.Environment.GetEnvironmentVariables())
            all[(string)pair.Key] = (string?)pair.Value ?? "";
        foreach (var pair in one.Environment)
            all[pair.Split('=', 2)[0]] = pair.Split('=', 2)[1];
        // Its name has a version in it.
        all["PHP_FPM"] = Directory.EnumerateFiles("/usr/sbin", "php-fpm*").FirstOrDefault() ?? "php-fpm";
        all["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        all["PYTHONPATH"] = Checkout.Apps;
        all["PYTHONDONTWRITEBYTECODE"] = "1";
        all["SAMPLE_WITHOUT_WEBSOCKETS"] = "1";
        return all;
    }
}
