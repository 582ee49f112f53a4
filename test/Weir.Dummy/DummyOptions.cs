using System.Globalization;

namespace Weir.Dummy;

/// <summary>What the command line asked for.</summary>
internal sealed record DummyOptions
{
    public const string Usage =
        "usage: weir-dummy worker|echo|slow|crash|refuse|flood|garbage|half|hang|reset|close|sse|ws-echo|early\n" +
        "       [--port P] [--instances N] [--workers N] [--keep-alive on|off] [--backlog N] [--ms N]";

    private static readonly string[] Modes =
    [
        "worker", "echo", "slow", "crash", "refuse", "flood", "garbage", "half", "hang", "reset", "close", "sse",
        "ws-echo", "early",
    ];

    /// <summary>The behaviour for each path that names none of its own.</summary>
    public string Mode { get; init; } = "worker";

    /// <summary>0 = any free port. With several instances the first takes this port and the others any.</summary>
    public int Port { get; init; }

    /// <summary>Listeners in this one process, each with workers of its own.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>Connections served at a time by an instance; the others wait unaccepted in the kernel.</summary>
    public int Workers { get; init; } = 1;

    public bool KeepAlive { get; init; }

    /// <summary>The accept backlog; Linux admits one more than this.</summary>
    public int Backlog { get; init; } = 512;

    /// <summary>Service time of `slow` in milliseconds.</summary>
    public int SlowMilliseconds { get; init; } = 1000;

    public static bool TryParse(string[] args, out DummyOptions options, out string fault)
    {
        options = new DummyOptions();
        fault = "";
        for (var i = 0; i < args.Length; i++)
        {
            if (Array.IndexOf(Modes, args[i]) >= 0)
            {
                options = options with { Mode = args[i] };
                continue;
            }

            if (i + 1 == args.Length || !TrySet(ref options, args[i], args[++i]))
            {
                fault = "dummy: cannot read " + string.Join(' ', args);
                return false;
            }
        }

        return true;
    }

    private static bool TrySet(ref DummyOptions options, string name, string value)
    {
        if (name == "--keep-alive")
        {
            options = options with { KeepAlive = value == "on" };
            return value is "on" or "off";
        }

        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        switch (name)
        {
            case "--port": options = options with { Port = number }; return true;
            case "--instances": options = options with { Instances = number }; return number > 0;
            case "--workers": options = options with { Workers = number }; return number > 0;
            case "--backlog": options = options with { Backlog = number }; return true;
            case "--ms": options = options with { SlowMilliseconds = number }; return true;
            default: return false;
        }
    }
}
