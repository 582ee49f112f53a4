using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Reload;

/// <summary><c>weir reload</c> and SIGHUP on the program itself.</summary>
public sealed class ReloadVerbTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly string _folder = TemporaryFolder.Make();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_is_read_anew_and_what_needs_a_restart_is_told()
    {
        using var app = ScriptedApp.Echo();
        var file = Write("queue.max-wait: 3s");
        using var weir = Start(app, file);
        Assert.Contains("\"maxWaitMs\":3000", Status(weir));
        Write("queue.max-wait: 4s\nedge.io-threads: 2\n");
        var (code, said) = Reload();
        Assert.Equal((0, "reloaded; needs a restart: edge.io-threads\n"), (code, said));
        Assert.Contains("\"maxWaitMs\":4000", Status(weir));
        Write("queue.max-wait: 6s");
        weir.Process.Signal("-HUP");
        Eventually.True(() => Status(weir).Contains("\"maxWaitMs\":6000", StringComparison.Ordinal), "SIGHUP reloads");
    }

    [Fact]
    public void Every_fault_is_told_and_nothing_changes()
    {
        using var app = ScriptedApp.Echo();
        var file = Write("queue.max-wait: 3s");
        using var weir = Start(app, file);
        Write("queue.max-wait: soon\nqueue.max-lenght: 3\n");
        var (code, said) = Reload();
        Assert.Equal(1, code);
        Assert.Contains("nothing was changed", said);
        Assert.Contains("queue.max-wait", said);
        Assert.Contains("queue.max-lenght", said);
        File.Delete(file);
        (code, said) = Reload();
        Assert.Equal(1, code);
        Assert.Contains("cannot be read", said);
        Assert.Contains("\"maxWaitMs\":3000", Status(weir));
        // On a signal nobody waits for an answer, so it is in the log.
        weir.Process.Signal("-HUP");
        weir.Process.WaitForLine("weir: error: configuration not reloaded", Soon);
    }

    private string Write(string text) => TemporaryFolder.Write(_folder, "weir.yaml", text);

    private WeirProcess Start(ScriptedApp app, string file)
    {
        var weir = WeirProcess.Start(new WeirSetup
        {
            To = [app.Address + "=1"],
            Arguments = ["--config", file],
            Environment = new Dictionary<string, string> { ["XDG_RUNTIME_DIR"] = _folder },
        });
        // The admin door opens after the front door, and verbs find it by what Weir wrote down of itself last.
        Eventually.True(
            () => Directory.EnumerateFiles(_folder, "weir-*.json", SearchOption.AllDirectories)
                .Any(one => File.ReadAllText(one).TrimEnd().EndsWith('}')),
            "the admin door", Soon);
        return weir;
    }

    private static string Status(WeirProcess weir) =>
        weir.Admin("/status").Replace(" ", "", StringComparison.Ordinal);

    private (int Code, string Said) Reload()
    {
        using var verb = ChildProcess.Start(
            [.. Checkout.Weir, "reload"], new Dictionary<string, string> { ["XDG_RUNTIME_DIR"] = _folder });
        Assert.True(verb.WaitForExit(Soon));
        return (verb.ExitCode, verb.Output + "\n");
    }
}
