using System.Net;
using System.Net.Sockets;

namespace Weir.Wires;

// A wire on a raw socket: what carries cleartext HTTP/1.1 on both sides.
//
// An operation's state goes Idle → Busy → Idle. Only the owner's thread starts one; the thread that ends it writes the
// result, then Idle, then wakes the owner. The full fence between writing Idle and reading Owner pairs with the fence in
// Wire.Owner's setter: of a hand-over and a completion that race, at least one sees the other.

/// <summary>A <see cref="Wire"/> on a socket of the kernel's; completions run on the I/O thread that saw them.</summary>
internal sealed class SocketWire : Wire
{
    private readonly Socket _socket;
    private readonly Operation _receive;
    private Operation? _send;
    private int _received;
    private int _sendFailed;
    private int _closed;
    private int _released;
    private int _closesAfterReceive;

    public SocketWire(Socket socket)
    {
        _socket = socket;
        // So that TrySend returns at once where the kernel's buffer is full.
        _socket.Blocking = false;
        _receive = new Operation(this, isSend: false);
    }

    public override bool IsReceiving => _receive.IsBusy;
    public override bool IsSending => _send is { IsBusy: true };
    public override int Received => Volatile.Read(ref _received);
    public override bool SendsWell => Volatile.Read(ref _sendFailed) == 0;

    /// <summary>Connecting ends with a wake too; the error is Success when it went well.</summary>
    public bool IsConnecting => _send is { IsBusy: true };
    public SocketError ConnectError { get; private set; } = SocketError.NotConnected;

    /// <summary>Starts to connect. True: done at once.</summary>
    public bool BeginConnect(EndPoint endPoint)
    {
        var operation = _send ??= new Operation(this, isSend: true);
        operation.RemoteEndPoint = endPoint;
        operation.SetBuffer(null, 0, 0);
        operation.Begin();
        try
        {
            if (_socket.ConnectAsync(operation))
                return false;
        }
        catch (SocketException exception)
        {
            operation.SocketError = exception.SocketErrorCode;
        }
        catch (ObjectDisposedException)
        {
            operation.SocketError = SocketError.OperationAborted;
        }

        EndConnect(operation);
        return true;
    }

    public override bool BeginReceive(byte[] buffer, int offset, int count)
    {
        _receive.Begin();
        try
        {
            _receive.SetBuffer(buffer, offset, count);
            if (_socket.ReceiveAsync(_receive))
                return false;
        }
        catch (ObjectDisposedException)
        {
            _receive.SocketError = SocketError.OperationAborted;
        }

        EndReceive();
        return true;
    }

    public override int TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var sent = _socket.Send(bytes, SocketFlags.None, out var error);
            if (error == SocketError.Success)
                return sent;
            if (error is SocketError.WouldBlock or SocketError.IOPending)
                return Math.Max(0, sent);
        }
        catch (ObjectDisposedException)
        {
            // Closed by a deadline on another thread: the same as broken.
        }

        Volatile.Write(ref _sendFailed, 1);
        return -1;
    }

    public override bool BeginSend(byte[] buffer, int offset, int count)
    {
        var operation = _send ??= new Operation(this, isSend: true);
        operation.Begin();
        try
        {
            operation.SetBuffer(buffer, offset, count);
            if (_socket.SendAsync(operation))
                return false;
        }
        catch (ObjectDisposedException)
        {
            operation.SocketError = SocketError.OperationAborted;
        }

        EndSendOperation(operation);
        return true;
    }

    public override void EndSend()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The peer has gone already: there is no direction left to end.
        }
        catch (ObjectDisposedException)
        {
        }
    }

    public override void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        if (IsReceiving && TryEndBoth())
        {
            // Disposing a socket with a receive under way resets the connection, and a reset throws away what the kernel
            // has still to send. The end of both directions completes the receive, and the socket goes after it.
            Interlocked.Exchange(ref _closesAfterReceive, 1);
            if (IsReceiving)
                return;
        }

        Release();
    }

    private bool TryEndBoth()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private void Release()
    {
        if (Interlocked.Exchange(ref _released, 1) != 0)
            return;
        // Operations under way end first: the socket's end completes them, and a disposed one is freed after that.
        _socket.Dispose();
        _receive.Dispose();
        _send?.Dispose();
    }

    public override void Abort()
    {
        if (Volatile.Read(ref _closed) != 0)
            return;
        try
        {
            _socket.LingerState = new LingerOption(true, 0);
        }
        catch (SocketException)
        {
            // Unix sockets know no reset; closing is all there is.
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        if (Interlocked.Exchange(ref _closed, 1) == 0)
            Release();
    }

    private void EndReceive()
    {
        Volatile.Write(ref _received, _receive.SocketError == SocketError.Success ? _receive.BytesTransferred : -1);
        _receive.End();
    }

    private void EndReceiveAndClose()
    {
        EndReceive();
        // Pairs with Close: of a close and a completion that race, at least one sees the other.
        if (Volatile.Read(ref _closesAfterReceive) != 0)
            Release();
    }

    private void EndSendOperation(Operation operation)
    {
        // The socket layer goes on until all is sent or it fails, so fewer bytes than asked means broken too.
        if (operation.SocketError != SocketError.Success || operation.BytesTransferred != operation.Count)
            Volatile.Write(ref _sendFailed, 1);
        operation.End();
    }

    private void EndConnect(Operation operation)
    {
        ConnectError = operation.SocketError;
        operation.End();
    }

    private sealed class Operation(SocketWire wire, bool isSend)
        : SocketAsyncEventArgs(unsafeSuppressExecutionContextFlow: true)
    {
        private int _busy;

        public bool IsBusy => Volatile.Read(ref _busy) != 0;

        public void Begin() => Volatile.Write(ref _busy, 1);

        public void End() => Interlocked.Exchange(ref _busy, 0);

        protected override void OnCompleted(SocketAsyncEventArgs e)
        {
            if (!isSend)
                wire.EndReceiveAndClose();
            else if (e.LastOperation == SocketAsyncOperation.Connect)
                wire.EndConnect(this);
            else
                wire.EndSendOperation(this);
            wire.WakeOwner();
        }
    }
}
