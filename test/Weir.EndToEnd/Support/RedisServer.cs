using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Weir.Core.Caching.Shared;

namespace Weir.EndToEnd.Support;

/// <summary>
/// A real Redis in a temporary folder, on a free loopback port and a unix socket, that keeps nothing over its end
/// unless told to. It ends on Dispose and with this program, however that ends.
/// </summary>
internal sealed class RedisServer : IDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(10);
    private readonly string[] _words;
    private readonly string? _password;
    private ChildProcess? _process;

    private RedisServer(string[] words, string? password)
    {
        (_words, _password, Folder, Port) = (words, password, TemporaryFolder.Make(), FreePort.Next());
        TlsPort = FreePort.Next();
    }

    public string Folder { get; }
    public int Port { get; }
    public int TlsPort { get; }
    public string SocketPath => Path.Combine(Folder, "redis.sock");
    public string Certificate => Path.Combine(Folder, "redis.crt");

    /// <param name="password">The default user's.</param>
    /// <param name="words">Further words for redis-server.</param>
    public static RedisServer Start(string? password = null, params string[] words)
    {
        RealServer.Require("redis-server");
        var server = new RedisServer(words, password);
        server.Begin();
        return server;
    }

    /// <summary>One that also speaks TLS, with a certificate for localhost that is its own root.</summary>
    public static RedisServer StartSecure()
    {
        RealServer.Require("redis-server");
        var server = new RedisServer([], null);
        server.MakeCertificate();
        server.Begin(
            "--tls-port", server.TlsPort.ToString(CultureInfo.InvariantCulture), "--tls-auth-clients", "no",
            "--tls-cert-file", server.Certificate, "--tls-key-file", Path.Combine(server.Folder, "redis.key"),
            "--tls-ca-cert-file", server.Certificate);
        return server;
    }

    /// <summary>Starts it again after <see cref="Kill"/>, on the same port.</summary>
    public void Begin(params string[] more)
    {
        string[] password = _password is null ? [] : ["--requirepass", _password];
        _process = ChildProcess.Start(
        [
            RealServer.Find("redis-server")!, "--port", Port.ToString(CultureInfo.InvariantCulture),
            "--bind", "127.0.0.1", "--unixsocket", SocketPath, "--dir", Folder, "--save", "", "--appendonly", "no",
            .. password, .. _words, .. more,
        ]);
        var clock = Stopwatch.StartNew();
        while (!Answers())
        {
            if (_process.HasExited || clock.Elapsed > ReadyWithin)
                throw new InvalidOperationException($"Redis does not start:\n{_process.Output}");
            Thread.Sleep(5);
        }
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process?.Dispose();
        _process = null;
    }

    public void Stop() => _process!.Signal("-STOP");

    public void GoOn() => _process!.Signal("-CONT");

    /// <summary>One command on a connection of its own.</summary>
    public RespValue Do(params object[] command)
    {
        using var client = new TcpClient();
        client.Connect(IPAddress.Loopback, Port);
        var stream = client.GetStream();
        if (_password is not null)
            Ask(stream, "AUTH", _password);
        return Ask(stream, command);
    }

    /// <summary>The only name that begins so.</summary>
    public byte[] Only(string beginning) =>
        Assert.Single(Do("KEYS", beginning + "*").Items).Bytes.ToArray();

    public void Dispose()
    {
        Kill();
        Directory.Delete(Folder, recursive: true);
    }

    private static RespValue Ask(NetworkStream stream, params object[] command)
    {
        using var bytes = new MemoryStream();
        bytes.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"*{command.Length}\r\n")));
        foreach (var word in command)
        {
            var argument = word as byte[] ?? Encoding.UTF8.GetBytes((string)word);
            bytes.Write(Encoding.ASCII.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"${argument.Length}\r\n")));
            bytes.Write(argument);
            bytes.Write("\r\n"u8);
        }

        stream.Write(bytes.ToArray());
        var reader = new RespReader(new RespLimits());
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var received = stream.Read(buffer);
            if (received == 0) throw new IOException("Redis closed the connection");
            ReadOnlySpan<byte> left = buffer.AsSpan(0, received);
            if (reader.Read(ref left, out var value) == RespRead.Whole) return value!;
        }
    }

    private bool Answers()
    {
        try
        {
            return Do("PING").Is("PONG"u8);
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            return false;
        }
    }

    private void MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(Folder, "redis.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
