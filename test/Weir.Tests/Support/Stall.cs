using System.Net;
using System.Net.Sockets;
using Weir.Beat;
using Weir.Wires;

namespace Weir.Tests.Support;

/// <summary>A callback on an I/O thread that does not come back before it is told to.</summary>
internal sealed class Stall : IWatcher, IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _knock = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ManualResetEventSlim _hangs = new();
    private readonly ManualResetEventSlim _gate = new();
    private readonly IoThread _thread;
    private readonly int _place;

    public Stall(IoThread thread)
    {
        _thread = thread;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1);
        _place = thread.Watch((int)_listener.SafeHandle.DangerousGetHandle(), this);
    }

    /// <summary>News for the thread.</summary>
    public void Knock() => _knock.Connect(_listener.LocalEndPoint!);

    /// <summary>Comes back once the thread is in the callback.</summary>
    public void Hold()
    {
        Knock();
        Assert.True(_hangs.Wait(TimeSpan.FromSeconds(10)));
    }

    /// <summary>Comes back once the thread counts as stalled.</summary>
    public void Begin()
    {
        Hold();
        Assert.True(SpinWait.SpinUntil(() => _thread.IsStalled(Clock.Now), TimeSpan.FromSeconds(10)));
    }

    public void End() => _gate.Set();

    public void OnEvents(uint events)
    {
        _hangs.Set();
        _gate.Wait(TimeSpan.FromSeconds(15));
    }

    public void Dispose()
    {
        _gate.Set();
        _thread.Release(_place);
        _knock.Dispose();
        _listener.Dispose();
    }
}
