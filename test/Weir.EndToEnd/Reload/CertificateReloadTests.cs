using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Weir.EndToEnd.Kestrel;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Reload;

/// <summary>The list of certificates changes, or does not where one of them is none.</summary>
public sealed class CertificateReloadTests
{
    [Fact]
    public async Task Another_list_is_in_service_for_the_next_handshake_and_a_faulty_one_changes_nothing()
    {
        await using var door = DoorHouse.Open();
        var folder = TemporaryFolder.Make();
        var next = TestCertificate.Write(folder, "next", "localhost");
        using var client = DoorHouse.Client(System.Net.HttpVersion.Version20);
        Assert.NotEmpty(await client.GetStringAsync(door.Https("/")));
        var options = door.House.Rooms.Options;
        var missing = next with { CertificateFile = Path.Combine(folder, "none.crt") };
        Assert.Throws<FormatException>(() => Reload(missing));
        Assert.Same(options, door.House.Rooms.Options);
        Assert.Equal(door.Certificate.Thumbprint, await ServedAsync(door));
        Reload(next);
        Assert.Equal(next.Thumbprint, await ServedAsync(door));
        // The connection that was there before lives on.
        Assert.NotEmpty(await client.GetStringAsync(door.Https("/")));

        void Reload(TestCertificate certificate) => door.House.Reload(options with
        {
            Edge = options.Edge with { Certificates = [DoorHouse.Options(certificate)] },
        });
    }

    private static async Task<string> ServedAsync(DoorHouse door)
    {
        await using var tls = await door.ShakeHandsAsync("localhost", SslApplicationProtocol.Http11);
        using var served = X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());
        return served.Thumbprint;
    }
}
