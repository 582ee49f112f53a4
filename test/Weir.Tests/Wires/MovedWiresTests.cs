using System.Net;
using System.Net.Sockets;
using Weir.Beat;
using Weir.Tests.Support;
using Weir.Wires;

namespace Weir.Tests.Wires;

/// <summary>Wires whose thread goes to rest and comes back in the middle of their bytes.</summary>
public sealed class MovedWiresTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly IoThread Keeper = new(300);
    private static readonly IoThread Kept = new(301, Keeper);

    [Fact]
    public void Wires_lose_no_byte_and_no_wake_while_their_thread_goes_to_rest_and_comes_back()
    {
        const int wires = 12;
        using var isOver = new CancellationTokenSource();
        var asked = new long[wires];
        var asks = SideThread.Start(wires, which =>
        {
            using var pair = new Echoed(which % 3 == 0 ? Keeper : Kept);
            for (byte letter = 1; !isOver.IsCancellationRequested; letter++)
            {
                // Some are longer than a receive takes, some than the kernel holds.
                var bytes = new byte[letter % 16 == 0 ? 300_000 : letter % 4 == 0 ? 5000 : 20];
                Array.Fill(bytes, letter);
                pair.Ask(bytes);
                Interlocked.Increment(ref asked[which]);
            }
        });
        for (var turn = 0; turn < 1500; turn++)
        {
            Kept.SetResting(turn % 2 == 0);
            if (turn % 3 == 0) Thread.Sleep(1);
            else Thread.SpinWait(turn % 50 * 200);
        }

        isOver.Cancel();
        SideThread.JoinAll(asks);
        Kept.SetResting(true);
        Assert.All(asked, count => Assert.True(count > 0));
    }

    /// <summary>A wire that gives back what it gets, and who asks it.</summary>
    private sealed class Echoed : Driven, IDisposable
    {
        private readonly Socket _far;
        private readonly SocketWire _wire;
        private readonly byte[] _buffer = new byte[4096];
        private bool _receives;

        public Echoed(IoThread thread)
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen(1);
            var patience = (int)Patience.TotalMilliseconds;
            _far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                NoDelay = true,
                ReceiveTimeout = patience,
                SendTimeout = patience,
            };
            _far.Connect(listener.LocalEndPoint!);
            using var near = listener.Accept();
            (near.NoDelay, near.Blocking) = (true, false);
            var descriptor = (int)near.SafeHandle.DangerousGetHandle();
            _wire = new SocketWire(Kernel.Duplicate(descriptor, Kernel.DuplicateCloseOnExec, 0), thread)
            {
                Owner = this,
            };
            Raise();
        }

        public void Ask(byte[] bytes)
        {
            var sender = bytes.Length > 100_000 ? SideThread.Start(() => _far.Send(bytes)) : null;
            if (sender is null) _far.Send(bytes);
            var got = new byte[bytes.Length];
            for (var at = 0; at < got.Length;)
            {
                var count = _far.Receive(got, at, got.Length - at, SocketFlags.None);
                Assert.True(count > 0);
                at += count;
            }

            sender?.Join();
            Assert.Equal(bytes, got);
        }

        protected override void Advance()
        {
            while (!_wire.IsSending)
            {
                if (!_receives)
                {
                    _receives = true;
                    _wire.BeginReceive(_buffer, 0, _buffer.Length);
                }

                if (_wire.IsReceiving) return;
                _receives = false;
                if (_wire.Received <= 0) return;
                _wire.BeginSendSoon(_buffer, 0, _wire.Received);
            }
        }

        protected override void Fail(Exception exception) => _wire.Close();

        public void Dispose()
        {
            _wire.Close();
            _far.Dispose();
        }
    }
}
