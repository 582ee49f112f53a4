using System.Globalization;
using System.Net;
using Weir.Edge;

namespace Weir.Config;

/// <summary>Edge and trust: where Weir listens, how patient it is, whom it believes.</summary>
internal static class DoorSettings
{
    private const long Second = 1_000_000;
    private const long Hour = 3_600 * Second;

    /// <summary>What "trusted-proxies" takes beside addresses and networks.</summary>
    public static IReadOnlyList<string> Presets { get; } = ["heroku", "cloudflare", "private"];

    public static IReadOnlyList<Setting> Edge { get; } = [.. Listeners(), .. Patience()];

    public static IReadOnlyList<Setting> Trust { get; } =
    [
        new("trusted-proxies", SettingKind.List, "",
            "Peers believed about the client: addresses, networks, heroku, cloudflare, private.")
        {
            Zero = "none",
            Check = Peer,
            Weir = (weir, value) => weir with { Trust = weir.Trust with { TrustedProxies = value.Items } },
        },
        new("trust.forwarded", SettingKind.Switch, "off", "Send RFC 7239 Forwarded to the app as well.")
        {
            Weir = (weir, value) => weir with { Trust = weir.Trust with { Forwarded = value.On } },
        },
    ];

    /// <summary>
    /// A certificate in the file's list; as flags, "tls.certificate" and "tls.key" make the first one.
    /// </summary>
    public static IReadOnlyList<Setting> Certificate { get; } =
    [
        new("certificate", SettingKind.Text, "", "PEM file with the certificate and its chain.")
        {
            Certificate = (certificate, value) => certificate with { CertificateFile = value.Text },
        },
        new("key", SettingKind.Text, "", "PEM file with the private key.")
        {
            Certificate = (certificate, value) => certificate with { KeyFile = value.Text },
        },
        new("hosts", SettingKind.List, "", "Names it is for. None: those in the certificate.")
        {
            Certificate = (certificate, value) => certificate with { Hosts = value.Items },
        },
    ];

    private static IEnumerable<Setting> Listeners() =>
    [
        new("listen", SettingKind.List, ":8080",
            "Cleartext addresses: host:port, [v6]:port, :port (IPv4 and IPv6), unix:/path.")
        {
            Check = AddressText.Listen,
            Weir = (weir, value) => weir with { Edge = weir.Edge with { Listen = value.Items } },
        },
        new("edge.io-threads", SettingKind.Count, "0",
            "Threads that carry bytes. 0: up to one a processor and four, as needed.")
        {
            Weir = (weir, value) => weir with { Edge = weir.Edge with { IoThreads = (int)value.Number } },
        },
        new("edge.io-uring", SettingKind.Switch, "on",
            "Where the kernel allows it, what an I/O thread sends in one round goes out in one call. off: one by one.")
        {
            Weir = (weir, value) => weir with { Edge = weir.Edge with { IoUring = value.On } },
        },
        new("port", SettingKind.Count, "8080",
            "Short for listen on this port of every address; PORT in the environment does the same.")
        {
            Max = 65_535,
            Weir = (weir, value) => weir with
            {
                Edge = weir.Edge with { Listen = [":" + value.Number.ToString(CultureInfo.InvariantCulture)] },
            },
        },
        new("listen-tls", SettingKind.List, "", "TLS addresses; they need a certificate.")
        {
            Check = AddressText.Listen,
            Weir = (weir, value) => weir with { Edge = weir.Edge with { ListenTls = value.Items } },
        },
        new("tls.certificate", SettingKind.Text, "",
            "PEM file with the certificate and its chain; more than one: certificates in the file.")
        {
            Weir = (weir, value) => WithCertificate(weir, first => first with { CertificateFile = value.Text }),
        },
        new("tls.key", SettingKind.Text, "", "PEM file with the certificate's key.")
        {
            Weir = (weir, value) => WithCertificate(weir, first => first with { KeyFile = value.Text }),
        },
        new("http2", SettingKind.Switch, "on", "HTTP/2 over TLS by ALPN, and in cleartext with prior knowledge.")
        {
            Weir = (weir, value) => weir with { Edge = weir.Edge with { Http2 = value.On } },
        },
    ];

    private static IEnumerable<Setting> Patience() =>
    [
        new("edge.head-timeout", SettingKind.Duration, "30s", "Time for a whole head, from its first byte; then 408.")
        {
            Min = Second,
            Max = Hour,
            Weir = (weir, value) => weir with { Edge = weir.Edge with { HeadTimeout = value.Time } },
        },
        new("edge.keep-alive", SettingKind.Duration, "75s",
            "How long an idle connection is kept. 95s with a trusted-proxies preset.")
        {
            Min = Second,
            Max = 24 * Hour,
            Weir = (weir, value) => weir with { Edge = weir.Edge with { KeepAlive = value.Time } },
        },
        new("edge.requests-per-connection", SettingKind.Count, "1000",
            "Requests on one connection before it is closed.")
        {
            Min = 1,
            Max = int.MaxValue,
            Zero = "off",
            Weir = (weir, value) => weir with { Edge = weir.Edge with { RequestsPerConnectionMax = value.Count } },
        },
        new("edge.connection-age-max", SettingKind.Duration, "1h",
            "Age at which a connection is closed after its exchange.")
        {
            Min = Second,
            Max = 30 * 24 * Hour,
            Weir = (weir, value) => weir with { Edge = weir.Edge with { ConnectionAgeMax = value.Time } },
        },
        new("edge.connections-max", SettingKind.Count, "auto",
            "Client connections at once. auto: from the descriptor limit.")
        {
            Min = 1,
            Max = 10_000_000,
            Zero = "auto",
            Weir = (weir, value) => weir with { Edge = weir.Edge with { ConnectionsMax = value.Count } },
        },
        new("health.path", SettingKind.Text, "off",
            "Answered by Weir itself: 200, or 503 from the first moment of a shutdown.")
        {
            Zero = "off",
            Check = AppSettings.AppPath,
            Weir = (weir, value) => weir with { Edge = weir.Edge with { HealthPath = value.Text } },
        },
        new("gate", SettingKind.Choice, "strict", "report: faults other than framing pass and are logged.")
        {
            Choices = ["strict", "report"],
            Weir = (weir, value) => weir with { Edge = weir.Edge with { Gate = (GateMode)value.Number } },
        },
    ];

    private static WeirOptions WithCertificate(WeirOptions weir, Func<CertificateOptions, CertificateOptions> change)
    {
        var certificates = weir.Edge.Certificates.ToList();
        if (certificates.Count == 0)
            certificates.Add(new CertificateOptions { CertificateFile = "", KeyFile = "" });
        certificates[0] = change(certificates[0]);
        return weir with { Edge = weir.Edge with { Certificates = certificates } };
    }

    private static (string? Text, string Problem) Peer(string text) =>
        Presets.Contains(text) || IPAddress.TryParse(text, out _) || IPNetwork.TryParse(text, out _)
            ? (text, "")
            : (null, $"'{text}' is no address, network (10.0.0.0/8) or preset ({string.Join(", ", Presets)})"
                + NearestName.Hint(text, Presets));
}
