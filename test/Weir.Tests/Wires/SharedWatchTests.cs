using System.Net;
using System.Net.Sockets;
using Weir.Tests.Support;
using Weir.Wires;

namespace Weir.Tests.Wires;

/// <summary>Listening sockets, which all threads watch: seen to first, and not by a thread that rests.</summary>
public sealed class SharedWatchTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly IoThread Keeper = new(200);
    private static readonly IoThread Kept = new(201, Keeper);

    private readonly Knocked _gate = new();
    private readonly List<(IoThread Thread, int Place)> _watches = [];

    public void Dispose()
    {
        Kept.SetResting(true);
        _watches.ForEach(watch => watch.Thread.Release(watch.Place));
        _gate.Dispose();
    }

    [Fact]
    public void Who_connects_is_seen_to_before_what_came_earlier()
    {
        using var holds = new Stall(Keeper);
        using var one = new Knocked();
        using var other = new Knocked();
        var order = new List<string>();
        one.WhenTold = () => order.Add("one");
        other.WhenTold = () => order.Add("other");
        using var isOver = new ManualResetEventSlim();
        _gate.WhenTold = () => order.Add("shared");
        _watches.Add((Keeper, Keeper.Watch(one.Descriptor, one)));
        _watches.Add((Keeper, Keeper.WatchShared(_gate.Descriptor, _gate)));
        _watches.Add((Keeper, Keeper.Watch(other.Descriptor, other)));
        holds.Hold();
        one.Knock();
        _gate.Knock();
        other.Knock();
        other.WhenTold += isOver.Set;
        holds.End();
        Assert.True(isOver.Wait(Patience));
        Assert.Equal(["shared", "one", "other"], order);
    }

    [Fact]
    public void A_thread_that_rests_is_told_of_nobody_who_connects_and_one_that_works_again_is()
    {
        var place = Kept.WatchShared(_gate.Descriptor, _gate);
        _watches.Add((Kept, place));
        Kept.SetResting(true);
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                // Until it rests it is told; then what has come is told once more, and nothing after that.
                var before = _gate.Told;
                _gate.Knock();
                Thread.Sleep(20);
                return _gate.Told == before;
            },
            Patience));
        var told = _gate.Told;
        Kept.SetResting(false);
        // Those who came meanwhile are there still.
        Assert.True(SpinWait.SpinUntil(() => _gate.Told > told && _gate.LastOf == Kept, Patience));
        told = _gate.Told;
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                _gate.Knock();
                Thread.Sleep(20);
                return _gate.Told > told + 1;
            },
            Patience));
    }

    /// <summary>A listening socket of which news are told.</summary>
    private sealed class Knocked : IWatcher, IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> _knocks = [];
        private int _told;

        public Knocked()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(100);
        }

        public int Descriptor => (int)_listener.SafeHandle.DangerousGetHandle();
        public int Told => Volatile.Read(ref _told);
        public IoThread? LastOf { get; private set; }
        public Action? WhenTold { get; set; }

        public void Knock()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _knocks.Add(socket);
            socket.Connect(_listener.LocalEndPoint!);
        }

        public void OnEvents(uint events)
        {
            LastOf = IoThread.Current;
            Interlocked.Increment(ref _told);
            WhenTold?.Invoke();
        }

        public void Dispose()
        {
            _knocks.ForEach(socket => socket.Dispose());
            _listener.Dispose();
        }
    }
}
