using Weir.EndToEnd.Support;

namespace Weir.Bench.Scenarios;

/// <summary>App servers with three workers each, by name.</summary>
internal static class Servers
{
    public const int Workers = 3;

    public static AppServer Start(string name) => name switch
    {
        "gunicorn" => AppServer.StartGunicorn(Workers),
        "unicorn" => AppServer.StartUnicorn(Workers),
        "puma" => AppServer.StartPuma(workers: 0, threads: Workers),
        "puma-cluster" => AppServer.StartPuma(Workers, threads: 1),
        "waitress" => AppServer.StartWaitress(Workers),
        _ => throw new ArgumentException("no such app server: " + name),
    };
}
