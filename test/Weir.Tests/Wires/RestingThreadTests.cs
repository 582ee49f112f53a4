using System.Net.Sockets;
using Weir.Tests.Support;
using Weir.Wires;

namespace Weir.Tests.Wires;

/// <summary>A thread that rests loses no news: its keeper takes them, and it takes them back.</summary>
public sealed class RestingThreadTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly IoThread Keeper = new(100);
    private static readonly IoThread Kept = new(101, Keeper);

    private readonly Echo _ofKeeper = new(Keeper);
    private readonly Echo _ofKept = new(Kept);

    public void Dispose()
    {
        Kept.SetResting(true);
        _ofKeeper.Dispose();
        _ofKept.Dispose();
    }

    [Fact]
    public void Its_news_come_on_its_keeper_while_it_rests_and_on_itself_else()
    {
        Kept.SetResting(true);
        var keeper = _ofKeeper.Ask();
        // It rests after its next round.
        _ofKept.Ask();
        Assert.Equal(keeper with { Of = Kept }, _ofKept.Ask());
        Kept.SetResting(false);
        var own = _ofKept.Ask();
        Assert.True(SpinWait.SpinUntil(() => (own = _ofKept.Ask()).Thread != keeper.Thread, Patience));
        Assert.Equal(Kept, own.Of);
        Assert.Equal(keeper, _ofKeeper.Ask());
    }

    [Fact]
    public void No_news_are_lost_while_it_goes_to_rest_and_comes_back()
    {
        var isOver = false;
        var asks = SideThread.Start(2, which =>
        {
            while (!Volatile.Read(ref isOver)) (which == 0 ? _ofKept : _ofKeeper).Ask();
        });
        var seen = new HashSet<int>();
        for (var turn = 0; turn < 2000; turn++)
        {
            Kept.SetResting(turn % 2 == 0);
            Thread.SpinWait(turn % 50 * 200);
            seen.Add(_ofKept.Last.Thread);
        }

        Volatile.Write(ref isOver, true);
        SideThread.JoinAll(asks);
        Assert.True(seen.Count > 1, "it never went to rest");
        Assert.Equal(0, _ofKept.Overlaps);
    }

    [Fact]
    public void It_hangs_where_its_keeper_does()
    {
        using var hangs = new ManualResetEventSlim();
        Kept.SetResting(true);
        _ofKept.Ask();
        _ofKeeper.Hold = hangs;
        _ofKeeper.Send();
        try
        {
            Assert.True(SpinWait.SpinUntil(() => Kept.IsStalled(Weir.Beat.Clock.Now), Patience));
            // Called, it works again although the keeper still hangs.
            Kept.SetResting(false);
            Assert.False(Kept.IsStalled(Weir.Beat.Clock.Now));
            _ofKept.Ask();
        }
        finally
        {
            hangs.Set();
            _ofKeeper.Receive();
        }
    }

    [Fact]
    public void Its_processor_time_is_known()
    {
        var before = Keeper.ProcessorMicros();
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                _ofKeeper.Ask();
                return Keeper.ProcessorMicros() > before + 1000;
            },
            Patience));
    }

    /// <summary>Where news were told.</summary>
    private sealed record Told(int Thread, IoThread? Of);

    /// <summary>Gives back each byte, on the I/O thread that is told of it.</summary>
    private sealed class Echo : IWatcher, IDisposable
    {
        private readonly Socket _near;
        private readonly Socket _far;
        private readonly IoThread _thread;
        private readonly int _place;
        private int _inside;
        private bool _isOver;

        public Echo(IoThread thread)
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
            listener.Listen(1);
            _far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                NoDelay = true,
                ReceiveTimeout = (int)Patience.TotalMilliseconds,
            };
            _far.Connect(listener.LocalEndPoint!);
            _near = listener.Accept();
            (_near.NoDelay, _near.Blocking) = (true, false);
            _thread = thread;
            _place = thread.Watch((int)_near.SafeHandle.DangerousGetHandle(), this);
        }

        public Told Last { get; private set; } = new(0, null);
        public int Overlaps { get; private set; }
        public ManualResetEventSlim? Hold { get; set; }

        public void Send() => _far.Send([1]);

        public void Receive() => Assert.Equal(1, _far.Receive(new byte[1]));

        public Told Ask()
        {
            Send();
            Receive();
            return Last;
        }

        public void OnEvents(uint events)
        {
            if (Interlocked.Increment(ref _inside) != 1) Overlaps++;
            Hold?.Wait(Patience);
            // A round may be late by one: the socket's end is waited for, not met.
            lock (_near) EchoAll();
            Interlocked.Decrement(ref _inside);
        }

        private void EchoAll()
        {
            if (_isOver) return;
            var bytes = new byte[16];
            while (true)
            {
                var count = _near.Receive(bytes, SocketFlags.None, out var error);
                if (error != SocketError.Success || count == 0) break;
                Last = new Told(Environment.CurrentManagedThreadId, IoThread.Current);
                _near.Send(bytes, count, SocketFlags.None);
            }
        }

        public void Dispose()
        {
            _thread.Release(_place);
            lock (_near)
            {
                _isOver = true;
                _near.Dispose();
            }

            _far.Dispose();
        }
    }
}
