using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace Weir.Core.Pooling.Messages;

/// <summary>
/// Messages one behind the other in one array that grows. Used again after <see cref="Clear"/> it allocates nothing.
/// </summary>
internal sealed partial class PacketWriter : IBufferWriter<byte>
{
    private const int FirstBytes = 256;

    /// <summary>A larger array, made for one large message, is given up when the writer is cleared.</summary>
    public const int KeptBytesMax = 16 * 1024;

    private byte[] _buffer = new byte[FirstBytes];
    private int _length;
    private int _lengthAt = -1;

    public int Length => _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>The first <see cref="Length"/> bytes of it are the messages; a later write may replace it.</summary>
    public byte[] Buffer => _buffer;

    public void Clear()
    {
        _length = 0;
        _lengthAt = -1;
        if (_buffer.Length > KeptBytesMax)
            _buffer = new byte[FirstBytes];
    }

    /// <summary>Begins a message; <see cref="End"/> writes its length.</summary>
    public void Begin(byte kind)
    {
        Debug.Assert(_lengthAt < 0, "The last message was not ended.");
        Take(MessageHeader.Bytes)[0] = kind;
        _lengthAt = _length - sizeof(int);
    }

    /// <summary>Begins a startup packet, which has a length but no kind.</summary>
    public void BeginUntyped()
    {
        Debug.Assert(_lengthAt < 0, "The last message was not ended.");
        Take(sizeof(int));
        _lengthAt = _length - sizeof(int);
    }

    public void End()
    {
        Debug.Assert(_lengthAt >= 0, "No message was begun.");
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(_lengthAt), _length - _lengthAt);
        _lengthAt = -1;
    }

    public void Byte(byte value) => Take(1)[0] = value;

    public void Int16(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), value);

    /// <summary>
    /// UTF-8 and a NUL. A text with a NUL in it is cut there, as the reader would, so that what stands behind it never
    /// becomes a field of its own.
    /// </summary>
    public void Text(string value)
    {
        var text = value.AsSpan();
        var nul = text.IndexOf('\0');
        if (nul >= 0)
            text = text[..nul];
        var into = Take(Encoding.UTF8.GetByteCount(text) + 1);
        Encoding.UTF8.GetBytes(text, into);
        into[^1] = 0;
    }

    /// <summary>The bytes and a NUL; they have none themselves.</summary>
    public void TextBytes(ReadOnlySpan<byte> value)
    {
        Debug.Assert(!value.Contains((byte)0), "A NUL would end the text early.");
        var into = Take(value.Length + 1);
        value.CopyTo(into);
        into[^1] = 0;
    }

    /// <summary>The rest of a message that nobody reads.</summary>
    public void Zeros(int count) => Take(count).Clear();

    /// <summary>The bytes as they are, inside a message.</summary>
    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>Messages that are whole already.</summary>
    public void Raw(ReadOnlySpan<byte> wholeMessages)
    {
        Debug.Assert(_lengthAt < 0, "The last message was not ended.");
        wholeMessages.CopyTo(Take(wholeMessages.Length));
    }

    /// <summary>For writers of SQL, which write into a begun message.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _length);
        _length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_length);
    }

    /// <summary>The next bytes, still as they were left by what was written before.</summary>
    private Span<byte> Take(int bytes)
    {
        if (_buffer.Length - _length < bytes)
            Reserve(bytes);
        var taken = _buffer.AsSpan(_length, bytes);
        _length += bytes;
        return taken;
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _length >= bytes)
            return;
        var needed = (long)_length + bytes;
        if (needed > Array.MaxLength)
            throw new InvalidOperationException("Messages of more than 2 GB do not fit one array.");
        // Doubling stops at what is kept, so that a writer that needs no more than that is kept.
        var doubled = Math.Min(_buffer.Length * 2L, needed <= KeptBytesMax ? KeptBytesMax : Array.MaxLength);
        Array.Resize(ref _buffer, (int)Math.Max(needed, doubled));
    }
}
