using System.Net;
using System.Text;
using Weir.Core.Http.Forwarding;

namespace Weir.Tests.Http.Forwarding;

public sealed class AddressTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("192.0.2.1:4711", "192.0.2.1")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("[2001:DB8::1]", "2001:db8::1")]
    [InlineData("[2001:db8::1]:4711", "2001:db8::1")]
    [InlineData("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201")]
    [InlineData("1:2:3::7:8", "1:2:3::7:8")]
    public void Addresses_are_read_as_chains_write_them(string text, string same)
    {
        Assert.True(ClientAddress.TryParse(Encoding.ASCII.GetBytes(text), out var address));
        Assert.Equal(ClientAddress.FromBytes(IPAddress.Parse(same).GetAddressBytes()), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("unknown")]
    [InlineData("_hidden")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("01.2.3.4")]
    [InlineData("1.2.3.4:")]
    [InlineData("1.2.3.4:x")]
    [InlineData("0x1.2.3.4")]
    [InlineData("1..3.4")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7::8")]
    [InlineData("1::2::3")]
    [InlineData(":::")]
    [InlineData("12345::")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1")]
    [InlineData("[::1]x")]
    [InlineData("::1.2.3")]
    public void What_is_no_address_is_not_read(string text) =>
        Assert.False(ClientAddress.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.1.1", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.1.1.1", true)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("0.0.0.0/0", "8.8.8.8", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "8.8.8.8", true)]
    [InlineData("::1", "::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:7fff::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    [InlineData("2001:db8::/64", "2001:db8::ffff:1", true)]
    [InlineData("2001:db8::/65", "2001:db8::8000:0:0:1", false)]
    [InlineData("private", "172.31.0.1", true)]
    [InlineData("private", "172.32.0.1", false)]
    [InlineData("private", "fd00::1", true)]
    [InlineData("private", "fe80::1", true)]
    [InlineData("private", "127.0.0.1", true)]
    [InlineData("private", "203.0.113.1", false)]
    [InlineData("Heroku", "10.1.2.3", true)]
    [InlineData("heroku", "203.0.113.1", false)]
    [InlineData("cloudflare", "104.16.0.1", true)]
    [InlineData("cloudflare", "2606:4700::1", true)]
    [InlineData("cloudflare", "10.0.0.1", false)]
    public void A_set_contains_what_its_networks_do(string network, string address, bool contained) =>
        Assert.Equal(contained, AddressSet.Parse(network).Contains(IPAddress.Parse(address).GetAddressBytes()));

    [Fact]
    public void A_peer_on_a_unix_socket_is_on_this_machine()
    {
        Assert.True(AddressSet.Parse("private").Contains(default(ReadOnlySpan<byte>)));
        Assert.True(AddressSet.Parse("unix").Contains(default(ReadOnlySpan<byte>)));
        Assert.False(AddressSet.Parse("0.0.0.0/0").Contains(default(ReadOnlySpan<byte>)));
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("::/129")]
    [InlineData("example.com")]
    [InlineData("")]
    public void A_faulty_entry_is_named(string entry)
    {
        Assert.Null(TrustPolicy.TryParse(["10.0.0.0/8", entry], false, out var fault));
        Assert.StartsWith($"\"{entry}\" is no address", fault);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    public void Budgets_are_kept_by_address_and_by_64_in_IPv6(string one, string other, bool same) =>
        Assert.Equal(same, Key(one) == Key(other));

    private static ClientAddress Key(string text) =>
        ClientAddress.FromBytes(IPAddress.Parse(text).GetAddressBytes()).BudgetKey;
}
