using System.Net;
using System.Net.Sockets;
using Weir.Edge;

namespace Weir.Tests.Edge;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:8080", "127.0.0.1:8080")]
    [InlineData("localhost:80", "127.0.0.1:80")]
    [InlineData("[::1]:8080", "[::1]:8080")]
    [InlineData("[fd00::1:2]:1", "[fd00::1:2]:1")]
    [InlineData("0.0.0.0:65535", "0.0.0.0:65535")]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    public void An_address_is_read(string text, string expected) =>
        Assert.Equal(IPEndPoint.Parse(expected), ListenAddress.Parse(text));

    [Theory]
    [InlineData(":8080")]
    [InlineData("*:8080")]
    public void A_port_alone_is_every_address(string text)
    {
        var end = ListenAddress.Parse(text);
        Assert.Equal(8080, end.Port);
        Assert.Equal(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, end.Address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("8080")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1: 80")]
    [InlineData("127.0.0.1:http")]
    [InlineData("example.com:80")]
    public void What_is_no_address_is_named_with_an_example(string text)
    {
        var exception = Assert.Throws<FormatException>(() => ListenAddress.Parse(text));
        Assert.Contains($"'{text}'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:8080", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_left_over_from_an_earlier_run_is_bound_anew()
    {
        var folder = Directory.CreateTempSubdirectory("weir-listen");
        var path = Path.Combine(folder.FullName, "socket");
        File.WriteAllText(path, "");
        using (var socket = ListenAddress.Bind($"unix:{path}", out var socketPath))
        {
            Assert.Equal(path, socketPath);
            Assert.Equal(AddressFamily.Unix, socket.AddressFamily);
        }

        folder.Delete(recursive: true);
    }
}
