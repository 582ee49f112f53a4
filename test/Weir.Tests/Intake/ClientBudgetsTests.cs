using System.Text;
using Weir.Core.Http.Forwarding;
using Weir.Intake;

namespace Weir.Tests.Intake;

public sealed class ClientBudgetsTests
{
    private readonly ClientBudgets _budgets = new(new IntakeOptions { ClientBodiesMax = 2, ClientBytesMax = 100 });

    [Fact]
    public void An_address_has_so_many_bodies_at_once_and_no_more()
    {
        var client = Of("192.0.2.1");
        Assert.True(_budgets.TryBegin(client));
        Assert.True(_budgets.TryBegin(client));
        Assert.False(_budgets.TryBegin(client));
        Assert.True(_budgets.TryBegin(Of("192.0.2.2")));
        _budgets.End(client, 0);
        Assert.True(_budgets.TryBegin(client));
        Assert.False(_budgets.TryBegin(client));
    }

    [Fact]
    public void All_bodies_of_an_address_share_its_bytes()
    {
        var client = Of("192.0.2.1");
        Assert.True(_budgets.TryBegin(client));
        Assert.True(_budgets.TryBegin(client));
        Assert.True(_budgets.TryAdd(client, 60));
        Assert.True(_budgets.TryAdd(client, 40));
        Assert.False(_budgets.TryAdd(client, 1));
        _budgets.End(client, 61);
        Assert.True(_budgets.TryAdd(client, 60));
        Assert.False(_budgets.TryAdd(client, 1));
    }

    [Fact]
    public void An_address_that_has_its_fill_of_bytes_begins_no_body()
    {
        var client = Of("192.0.2.1");
        Assert.True(_budgets.TryBegin(client));
        Assert.True(_budgets.TryAdd(client, 100));
        Assert.False(_budgets.TryBegin(client));
        _budgets.End(client, 100);
        Assert.True(_budgets.TryBegin(client));
        Assert.True(_budgets.TryAdd(client, 100));
    }

    [Theory]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void One_client_is_an_IPv4_address_or_an_IPv6_64(string one, string other, bool isSame)
    {
        Assert.True(_budgets.TryBegin(Of(one)));
        Assert.True(_budgets.TryBegin(Of(one)));
        Assert.Equal(!isSame, _budgets.TryBegin(Of(other)));
    }

    [Fact]
    public void Nobody_is_charged_for_no_address()
    {
        for (var body = 0; body < 5; body++)
        {
            Assert.True(_budgets.TryBegin(default));
            Assert.True(_budgets.TryAdd(default, 1_000));
        }

        _budgets.End(default, 1);
    }

    private static ClientAddress Of(string text)
    {
        Assert.True(ClientAddress.TryParse(Encoding.ASCII.GetBytes(text), out var address));
        return address;
    }
}
