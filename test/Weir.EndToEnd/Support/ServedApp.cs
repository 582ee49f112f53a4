namespace Weir.EndToEnd.Support;

/// <summary>The command of a server with three workers, for <c>weir run</c>, and what it needs on disk.</summary>
internal sealed class ServedApp : IDisposable
{
    private readonly string _folder = TemporaryFolder.Make();

    /// <param name="server">dummy, gunicorn, unicorn or puma.</param>
    public ServedApp(string server)
    {
        var rack = Path.Combine(Checkout.Apps, "config.ru");
        var settings = TemporaryFolder.Write(_folder, "unicorn.rb", "worker_processes 3\ntimeout 300\n");
        Command = server switch
        {
            "gunicorn" =>
            [
                "gunicorn", "-w", "3", "-b", "127.0.0.1:$PORT", "--chdir", Checkout.Apps, "--log-level", "warning",
                "app:app",
            ],
            "unicorn" => ["unicorn", "-E", "none", "-c", settings, "-l", "127.0.0.1:$PORT", rack],
            "puma" => ["puma", "-q", "-e", "none", "-t", "3:3", "-b", "tcp://127.0.0.1:$PORT", rack],
            _ =>
            [
                Path.ChangeExtension(Checkout.Dummy, null), "worker", "--workers", "3", "--keep-alive", "on",
                "--port", "$PORT",
            ],
        };
    }

    public string[] Command { get; }

    /// <summary>Of one instance of it.</summary>
    public string Slots { get; } = "3";

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
