using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Weir.Config;
using Weir.Control;
using Weir.Edge;
using Weir.EndToEnd.Support;
using Weir.Ledger;
using Weir.Routing;

namespace Weir.EndToEnd.Kestrel;

/// <summary>A house in this process, with a cleartext and a TLS door, before the child app.</summary>
internal sealed class DoorHouse : IAsyncDisposable
{
    private static readonly TimeSpan SettledWithin = TimeSpan.FromSeconds(10);

    private readonly AppServer _app;

    private DoorHouse(AppServer app, House house, TestCertificate certificate)
    {
        (_app, House, Certificate) = (app, house, certificate);
        Port = house.Listeners[0].Port;
        TlsPort = new Uri(house.Urls.First(url => url.StartsWith("https", StringComparison.Ordinal))).Port;
        View = new HouseView(house);
    }

    public House House { get; }
    public HouseView View { get; }
    public TestCertificate Certificate { get; }
    public int Port { get; }
    public int TlsPort { get; }
    public InstanceSnapshot Instance => View.Snapshot().Apps[0].Instances[0];

    /// <param name="change">What a test wants otherwise.</param>
    /// <param name="more">Further certificates.</param>
    /// <param name="slots">Of the one instance; the app has as many workers and two more.</param>
    public static DoorHouse Open(
        Func<WeirOptions, WeirOptions>? change = null, IEnumerable<TestCertificate>? more = null, int slots = 4,
        Func<AppOptions, AppOptions>? app = null)
    {
        var folder = TemporaryFolder.Make();
        var certificate = TestCertificate.Write(folder, "first", "localhost", "*.weir.test");
        var workers = (slots + 2).ToString(CultureInfo.InvariantCulture);
        var server = AppServer.StartDummy("worker", "--workers", workers, "--keep-alive", "on");
        var routed = new AppOptions
        {
            To = [string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}={slots}")],
        };
        var options = new WeirOptions
        {
            Quiet = true,
            Edge = new EdgeOptions
            {
                Listen = ["127.0.0.1:0"],
                ListenTls = ["127.0.0.1:0"],
                Certificates = [.. (more ?? []).Prepend(certificate).Select(Options)],
            },
            Ledger = new LedgerOptions { Log = LogFormat.Off },
            Apps = [app is null ? routed : app(routed)],
        };
        var house = new House(change is null ? options : change(options));
        house.Start();
        return new DoorHouse(server, house, certificate);
    }

    public static CertificateOptions Options(TestCertificate certificate) =>
        new() { CertificateFile = certificate.CertificateFile, KeyFile = certificate.KeyFile };

    public Uri Https(string path) => new($"https://localhost:{TlsPort}{path}");

    public Uri Http(string path) => new($"http://localhost:{Port}{path}");

    /// <summary>A client of exactly this version, that takes any certificate.</summary>
    public static HttpClient Client(Version version) => new(Handler())
    {
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromSeconds(30),
    };

    public static SocketsHttpHandler Handler() => new()
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
        ConnectCallback = async (context, cancel) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    /// <summary>A handshake for this name; null sends none.</summary>
    public async Task<SslStream> ShakeHandsAsync(string? name, params SslApplicationProtocol[] protocols)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, TlsPort);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = name ?? "",
            ApplicationProtocols = [.. protocols],
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        });
        return tls;
    }

    public static async Task WaitUntil(Func<bool> isSo, string what)
    {
        var end = DateTime.UtcNow + SettledWithin;
        while (!isSo())
        {
            Assert.True(DateTime.UtcNow < end, "not so in time: " + what);
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await House.StopAsync(TimeSpan.FromSeconds(2));
        House.Dispose();
        _app.Dispose();
    }
}
