using Weir.Beat;
using Weir.Core.Pooling.Messages;
using Weir.Spill;
using Weir.Wires;

namespace Weir.Pooling;

// What a client is sent: the server's bytes as they are, and the house's own messages between them.
//
// What the client does not take at once goes to the spool, memory first and then a file, so that a slow client does not
// hold a server connection; everything behind it goes there too until the spool is empty. Past the spool's bound the
// server is no longer read (IsFull): then it waits for the client, as it would without a pooler.

/// <summary>The sending half of a client session.</summary>
internal sealed class SessionOutput(Wire wire, SpoolRooms spools, Driven owner)
{
    /// <summary>A piece this small is copied behind the house's messages, to go out in one call.</summary>
    private const int CopiedBytesMax = 4096;

    private BodyBuffer? _spool;

    /// <summary>What is being sent: the spool's own blocks may go to the file meanwhile, and be used again.</summary>
    private byte[]? _sendBlock;

    public Wire Wire { get; private set; } = wire;

    /// <summary>Messages of the house, not sent yet.</summary>
    public PacketWriter Messages { get; } = new();

    public bool IsBroken { get; private set; }

    /// <summary>
    /// Nothing is kept to the end of the I/O thread's round: while the client logs in it does nothing but wait, in a
    /// program that mostly connects one client after the other.
    /// </summary>
    public bool IsUrgent { get; set; } = true;

    /// <summary>Bytes that wait for the client.</summary>
    public long Waiting => (_spool?.Unread ?? 0) + Messages.Length;

    public bool IsFull => _spool is { } spool && (spool.IsFull || spool.Unread >= spools.BytesMax);

    public bool IsEmpty => Messages.Length == 0 && _spool is null;

    public void Secure(Wire wire) => Wire = wire;

    /// <summary>Bytes of the server's, for the client.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        if (Messages.Length > 0)
        {
            if (bytes.Length <= CopiedBytesMax)
            {
                Messages.Raw(bytes);
                Flush();
                return;
            }

            Flush();
        }

        Send(bytes);
    }

    /// <summary>Bytes of the server's with which more will go out at once.</summary>
    public void Gather(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= CopiedBytesMax)
            Messages.Raw(bytes);
        else
            Write(bytes);
    }

    /// <summary>The house's messages go out.</summary>
    public void Flush()
    {
        if (Messages.Length == 0)
            return;
        Send(Messages.Written);
        Messages.Clear();
    }

    /// <summary>Sends on what waits in the spool. True: nothing waits any more.</summary>
    public bool Drain()
    {
        // Also while the client takes nothing: a write that has ended makes room for more of the server's answer.
        _spool?.Flush();
        while (_spool is { } spool)
        {
            if (Wire.IsSending)
                return false;
            if (!Wire.SendsWell)
                IsBroken = true;
            if (IsBroken)
                return true;
            if (!spool.TryPeek(out var bytes, out var broken))
            {
                IsBroken |= broken;
                if (broken || spool.Unread > 0 || spool.IsBusy)
                    return broken;
                GiveSpool();
                return true;
            }

            var block = _sendBlock ??= spools.Blocks.Take();
            bytes.AsSpan().CopyTo(block);
            spool.Advance(bytes.Count);
            Wire.BeginSend(block, 0, bytes.Count);
        }

        return true;
    }

    /// <summary>Gives back what the spool holds. False: not yet, a spill thread works on it.</summary>
    public bool Release()
    {
        if (_spool is null)
            return true;
        if (_spool.IsBusy)
            return false;
        GiveSpool();
        return true;
    }

    private void GiveSpool()
    {
        _spool!.Release();
        _spool = null;
        if (_sendBlock is { } block)
        {
            // A send that was cut may still read from it.
            if (Wire.IsSending)
                spools.Blocks.Forget(block);
            else
                spools.Blocks.Give(block);
        }

        _sendBlock = null;
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        if (IsBroken)
            return;
        if (_spool is null)
        {
            var sent = IsUrgent ? Wire.TrySend(bytes) : Wire.TrySendSoon(bytes);
            if (sent < 0)
            {
                IsBroken = true;
                return;
            }

            if (sent == bytes.Length)
                return;
            bytes = bytes[sent..];
            _spool = new BodyBuffer(spools.Blocks, spools.Disk, owner) { MemoryMax = spools.MemoryMax };
        }

        _spool.Append(bytes);
        Drain();
    }
}
