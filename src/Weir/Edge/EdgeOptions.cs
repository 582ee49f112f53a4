namespace Weir.Edge;

/// <summary>The front door: where it listens and how long it is patient.</summary>
internal sealed record EdgeOptions
{
    /// <summary>
    /// Cleartext addresses: "host:port", "[v6]:port", ":port" (all addresses, IPv4 and IPv6), "unix:/path".
    /// </summary>
    public IReadOnlyList<string> Listen { get; init; } = [":8080"];

    /// <summary>TLS addresses; need at least one certificate.</summary>
    public IReadOnlyList<string> ListenTls { get; init; } = [];
    public IReadOnlyList<CertificateOptions> Certificates { get; init; } = [];

    /// <summary>http2: over TLS by ALPN, and in cleartext with prior knowledge.</summary>
    public bool Http2 { get; init; } = true;

    /// <summary>Time for a whole head, from its first byte. 30 s (408): long enough for any honest client.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an idle connection is kept. 75 s: nginx's default; the heroku preset makes it 95 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>Requests on one connection before it is closed. 1000: nginx's default. 0 = no bound.</summary>
    public int RequestsPerConnectionMax { get; init; } = 1_000;

    /// <summary>Age at which a connection is closed after its current exchange. 1 h: nginx's default.</summary>
    public TimeSpan ConnectionAgeMax { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Client connections at once; over it the listener waits. 0 = from the descriptor limit.</summary>
    public int ConnectionsMax { get; init; }

    /// <summary>edge.io-threads: threads that carry bytes. 0 = up to one a processor and four, as needed.</summary>
    public int IoThreads { get; init; }

    /// <summary>edge.io-uring: what a round sends goes out in one call, where the kernel allows it.</summary>
    public bool IoUring { get; init; } = true;

    /// <summary>Answered by Weir itself: 200, or 503 from the first moment of a shutdown. Empty = none.</summary>
    public string HealthPath { get; init; } = "";

    /// <summary>gate: report lets faults other than framing pass, and logs them.</summary>
    public GateMode Gate { get; init; } = GateMode.Strict;
}
