using System.Net;
using System.Net.Sockets;
using Weir.Config;
using Weir.Control;
using Weir.Edge;
using Weir.Processes;

namespace Weir.Tests.Processes;

/// <summary>On ports of its own, so that another test run on this machine does not meet them.</summary>
public sealed class PortBookTests
{
    private static readonly RunPlan s_plan = new()
    {
        Folder = "/",
        Environment = new Dictionary<string, string>(),
        Types = [Type("web", 0) with { Count = 2 }, Type("worker", 1), Type("clock", 3) with { Count = 0 }],
    };

    private readonly int _base = FreeBase();
    private readonly List<string> _told = [];

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(0, 2, 1)]
    [InlineData(0, 5, 4)]
    [InlineData(1, 1, 100)]
    [InlineData(2, 1, 300)]
    public void Ports_are_counted_as_foreman_counts(int type, int number, int offset)
    {
        using var hold = new PortBook(_base, _told.Add).Take(s_plan, s_plan.Types[type], number);
        Assert.Equal(_base + offset, hold.Port);
        Assert.Empty(_told);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    [InlineData("::")]
    public void A_port_on_which_somebody_listens_is_passed_over_and_told_once(string address)
    {
        var at = IPAddress.Parse(address);
        if (at.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6)
            Assert.Skip("no IPv6 here");
        using var listener = new TcpListener(at, _base);
        listener.Start();
        var book = new PortBook(_base, _told.Add);
        // web.2 is due the one after it.
        using (var first = book.Take(s_plan, s_plan.Types[0], 1))
            Assert.Equal(_base + 2, first.Port);
        using (var again = book.Take(s_plan, s_plan.Types[0], 1))
            Assert.Equal(_base + 2, again.Port);
        var told = Assert.Single(_told);
        Assert.Contains($"port {_base} is taken, so web.1 has PORT={_base + 2}", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_weirs_side_by_side_do_not_meet()
    {
        var (one, other) = (new PortBook(_base, _told.Add), new PortBook(_base, _told.Add));
        using var first = one.Take(s_plan, s_plan.Types[0], 1);
        using var second = other.Take(s_plan, s_plan.Types[0], 1);
        using var third = one.Take(s_plan, s_plan.Types[0], 2);
        using var fourth = other.Take(s_plan, s_plan.Types[0], 2);
        Assert.Equal([_base, _base + 2, _base + 1, _base + 3],
            new[] { first, second, third, fourth }.Select(hold => hold.Port));
        Assert.Equal(2, _told.Count);
    }

    [Fact]
    public void A_new_set_beside_the_old_one_takes_what_is_free_and_says_nothing()
    {
        var book = new PortBook(_base, _told.Add);
        var old = book.Take(s_plan, s_plan.Types[0], 1);
        using var renewed = book.Take(s_plan, s_plan.Types[0], 1);
        Assert.Equal((_base, _base + 2), (old.Port, renewed.Port));
        old.Dispose();
        using var next = book.Take(s_plan, s_plan.Types[0], 1);
        Assert.Equal(_base, next.Port);
        Assert.Empty(_told);
    }

    [Fact]
    public void More_than_a_hundred_of_a_type_leave_the_next_types_ports_alone()
    {
        var book = new PortBook(_base);
        using var hold = book.Take(s_plan, s_plan.Types[0], 101);
        Assert.Equal(_base + 101, hold.Port);
    }

    [Fact]
    public void What_is_bound_already_can_be_held_for_an_instance_that_is_taken_over()
    {
        using var listener = new TcpListener(IPAddress.Loopback, _base);
        listener.Start();
        var book = new PortBook(_base);
        Assert.Null(book.TryHold(_base));
        using var hold = book.TryHold(_base, isBound: true);
        Assert.NotNull(hold);
        Assert.Null(new PortBook(_base).TryHold(_base, isBound: true));
    }

    /// <summary>
    /// A server that was restarted finds its port, whatever its last clients' connections are still at.
    /// </summary>
    [Fact]
    public void A_port_of_connections_that_have_just_ended_is_free()
    {
        using (var listener = new TcpListener(IPAddress.Any, _base))
        {
            listener.Start();
            using var client = new TcpClient("127.0.0.1", _base);
            // The side that closes first is the one that the kernel remembers.
            listener.AcceptTcpClient().Dispose();
            Assert.Equal(0, client.GetStream().Read(new byte[1]));
        }

        using var hold = new PortBook(_base).TryHold(_base);
        Assert.NotNull(hold);
    }

    /// <summary>foreman's own first port in a .env file is where Weir listens.</summary>
    [Theory]
    [InlineData(":{0}", "off")]
    [InlineData("[::1]:{0}", "unix:/tmp/w")]
    [InlineData("unix:/tmp/x", "127.0.0.1:{0}")]
    public void Weirs_own_ports_are_no_instances(string listen, string admin)
    {
        var options = new WeirOptions
        {
            Run = new RunOptions { PortBase = _base },
            Edge = new EdgeOptions { Listen = [listen.Replace("{0}", $"{_base}", StringComparison.Ordinal)] },
            Admin = new AdminOptions { Listen = admin.Replace("{0}", $"{_base}", StringComparison.Ordinal) },
        };
        using var hold = PortBook.For(options, _told.Add).Take(s_plan, s_plan.Types[0], 1);
        Assert.Equal(_base + 2, hold.Port);
        Assert.StartsWith($"port {_base} is Weir's own", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void Past_the_last_port_is_one_sentence()
    {
        var far = Type("far", 600);
        var fault = Assert.Throws<StartException>(() => new PortBook(_base).Take(s_plan, far, 1));
        Assert.Contains("give another run.port-base", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>The kernel drops the lock of a process that is killed, and of no other.</summary>
    [Fact]
    public void The_lock_is_the_abstract_socket_that_every_weir_knows()
    {
        using var hold = new PortBook(_base).TryHold(_base);
        Assert.Contains($"@weir-port-{_base}", File.ReadAllText("/proc/net/unix"), StringComparison.Ordinal);
        hold!.Dispose();
        Assert.DoesNotContain($"@weir-port-{_base}\n", File.ReadAllText("/proc/net/unix"), StringComparison.Ordinal);
    }

    private static ProcessType Type(string name, int place) => new(name, "a", ["a"], place);

    /// <summary>A thousand ports that nobody has now.</summary>
    private static int FreeBase()
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var at = Random.Shared.Next(10_000, 30_000);
            using var hold = new PortBook(at).TryHold(at);
            using var worker = new PortBook(at).TryHold(at + 100);
            if (hold is not null && worker is not null)
                return at;
        }

        throw new InvalidOperationException("no ports are free here");
    }
}
