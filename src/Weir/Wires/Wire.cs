using Weir.Beat;

namespace Weir.Wires;

/// <summary>
/// One byte stream to a peer, as its owner sees it: at most one receive and one send under way, each either done at
/// once or announced by a wake of the owner. Nothing here throws for what a peer may do; a broken stream reads as −1.
/// </summary>
internal abstract class Wire : IDisposable
{
    private Driven? _owner;

    /// <summary>
    /// Who is woken. Whoever takes over must look at the states after this, since a wake may have gone to the last.
    /// </summary>
    public Driven? Owner
    {
        get => Volatile.Read(ref _owner);
        set
        {
            // No look at the states comes before this is to be seen. (Of an exchange of objects the runtime makes two
            // calls.)
            Volatile.Write(ref _owner, value);
            Interlocked.MemoryBarrier();
        }
    }

    public abstract bool IsReceiving { get; }
    public abstract bool IsSending { get; }

    /// <summary>
    /// Result of the receive that was done last: bytes, 0 for the peer's end, −1 for a broken stream.
    /// </summary>
    public abstract int Received { get; }

    /// <summary>False once a send has failed.</summary>
    public abstract bool SendsWell { get; }

    /// <summary>Starts a receive. True: done at once. The buffer stays with the wire until it is done.</summary>
    public abstract bool BeginReceive(byte[] buffer, int offset, int count);

    /// <summary>
    /// Sends what the kernel takes at once: bytes taken, 0 if it would wait, −1 if the stream is broken.
    /// </summary>
    public abstract int TrySend(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// As <see cref="TrySend(ReadOnlySpan{byte})"/>, for two pieces that follow each other: bytes taken of both.
    /// </summary>
    public virtual int TrySend(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var sent = TrySend(first);
        if (sent < first.Length)
            return sent;
        var more = TrySend(second);
        return more < 0 ? more : sent + more;
    }

    /// <summary>
    /// As <see cref="TrySend(ReadOnlySpan{byte})"/>, for bytes that may go out with others at the end of the I/O
    /// thread's round of news. What was taken and is not all gone then IsSending, and the owner is woken when it is; a
    /// stream that breaks then wakes it, too. Who closes looks first: <see cref="Settle"/>, or TellWhenSettled.
    /// </summary>
    public virtual int TrySendSoon(ReadOnlySpan<byte> bytes) => TrySend(bytes);

    /// <summary>As the other, for two pieces that follow each other.</summary>
    public virtual int TrySendSoon(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => TrySend(first, second);

    /// <summary>The owner is woken when what was to go out soon has gone. False: nothing waits for that.</summary>
    public virtual bool TellWhenSettled() => false;

    /// <summary>What was to go out soon goes now.</summary>
    public virtual void Settle()
    {
    }

    /// <summary>Its peer works for our clients: in a round it is sent to before them.</summary>
    public bool IsUpstream { get; set; }

    /// <summary>Whether <see cref="TrySendFile"/> can be asked.</summary>
    public virtual bool TakesFiles => false;

    /// <summary>
    /// Sends a head and, behind it, bytes of a file: bytes taken of both, −1 if the stream is
    /// broken.
    /// </summary>
    public virtual long TrySendFile(ReadOnlySpan<byte> head, int descriptor, long offset, long count) =>
        throw new NotSupportedException();

    /// <summary>
    /// Starts to send all of it. True: done at once. The buffer stays with the wire until it is done.
    /// </summary>
    public abstract bool BeginSend(byte[] buffer, int offset, int count);

    /// <summary>
    /// As <see cref="BeginSend"/>, for bytes that may go out as with <see cref="TrySendSoon(ReadOnlySpan{byte})"/>.
    /// </summary>
    public virtual bool BeginSendSoon(byte[] buffer, int offset, int count) => BeginSend(buffer, offset, count);

    /// <summary>Ends our direction; the peer sees the end after all that was sent.</summary>
    public abstract void EndSend();

    /// <summary>Closes. Operations under way end as broken.</summary>
    public abstract void Close();

    /// <summary>Closes so that the peer sees a reset, and nothing more is sent.</summary>
    public abstract void Abort();

    public void Dispose() => Close();

    protected void WakeOwner() => Owner?.Raise();
}
