namespace Weir.Core.Http;

/// <summary>
/// Takes the chunked coding off a body, any split of the bytes at a time (RFC 9112 section 7.1). Strict: hexadecimal
/// digits and CRLF only, extensions bounded and thrown away, trailers checked as fields are and kept apart.
/// </summary>
/// <remarks>
/// The framing between pieces of payload is a few bytes, read one at a time by a state machine; payload is never looked
/// at. The default value is ready to use and drops trailers.
/// </remarks>
internal struct ChunkedReader
{
    /// <summary>More digits than this cannot mean a size in 63 bits, and leading zeros have no honest use.</summary>
    private const int SizeDigitsMax = 16;

    private readonly byte[]? _trailers;
    private State _state;
    private bool _isQuoted;
    private bool _isEscaped;
    private int _sizeDigits;
    private int _chunkExtensionBytes;
    private int _bodyExtensionBytes;
    private int _trailerBytes;
    private int _trailerLines;
    private long _size;

    /// <summary>Keeps the trailer section in <paramref name="trailers"/>; one larger than that is refused.</summary>
    public ChunkedReader(byte[] trailers) => _trailers = trailers;

    private enum State : byte
    {
        SizeFirst,
        Size,
        SpaceAfterSize,
        Extension,
        SizeLineFeed,
        Data,
        DataReturn,
        DataLineFeed,
        TrailerFirst,
        TrailerName,
        TrailerValue,
        TrailerLineFeed,
        EndLineFeed,
        Done,
    }

    /// <summary>
    /// The lines of the trailer section, each checked and with its CRLF, without the empty line at the end; empty where
    /// no buffer was given. For <see cref="TrailerFields.Parse"/>.
    /// </summary>
    public readonly ReadOnlySpan<byte> Trailers => _trailers.AsSpan(0, _trailers is null ? 0 : _trailerBytes);

    /// <summary>
    /// Takes bytes from <paramref name="source"/>: framing, then at most one piece of payload, then framing again. Call
    /// again with the rest while anything was consumed. Complete: the last chunk and the trailer section are consumed
    /// too, and bytes after <paramref name="consumed"/> belong to the next message; Complete may bring payload with it.
    /// </summary>
    /// <param name="payload">
    /// The piece of <paramref name="source"/> that is body; empty where there was only framing.
    /// </param>
    public ParseResult Read(
        ReadOnlySpan<byte> source, GateLimits limits, out int consumed, out ReadOnlySpan<byte> payload,
        out GateRule fault)
    {
        payload = default;
        fault = GateRule.None;
        consumed = 0;
        while (consumed < source.Length && _state != State.Done)
        {
            if (_state == State.Data)
            {
                if (!payload.IsEmpty)
                    break;
                var taken = (int)Math.Min(_size, source.Length - consumed);
                payload = source.Slice(consumed, taken);
                consumed += taken;
                _size -= taken;
                if (_size == 0)
                    _state = State.DataReturn;
                continue;
            }

            fault = _state < State.TrailerFirst
                ? StepChunk(source[consumed], limits)
                : StepTrailer(source[consumed], limits);
            if (fault != GateRule.None)
            {
                payload = default;
                return ParseResult.Refused;
            }

            consumed++;
        }

        return _state == State.Done ? ParseResult.Complete : ParseResult.Incomplete;
    }

    private GateRule StepChunk(byte next, GateLimits limits)
    {
        switch (_state)
        {
            case State.SizeFirst:
                _size = 0;
                _sizeDigits = 0;
                _chunkExtensionBytes = 0;
                _isQuoted = false;
                _isEscaped = false;
                _state = State.Size;
                return AddDigit(next);
            case State.Size:
                return StepSize(next, limits);
            case State.SpaceAfterSize:
            case State.Extension:
                return StepExtension(next, limits);
            case State.SizeLineFeed:
                if (next != '\n')
                    return GateRule.BareCarriageReturn;
                _state = _size == 0 ? State.TrailerFirst : State.Data;
                return GateRule.None;
            case State.DataReturn:
                _state = State.DataLineFeed;
                return next == '\r' ? GateRule.None : GateRule.ChunkEndMissing;
            default:
                _state = State.SizeFirst;
                return next == '\n' ? GateRule.None : GateRule.ChunkEndMissing;
        }
    }

    private GateRule StepSize(byte next, GateLimits limits)
    {
        switch (next)
        {
            case (byte)'\r':
                _state = State.SizeLineFeed;
                return GateRule.None;
            case (byte)'\n':
                return GateRule.BareLineFeed;
            case (byte)';':
                _state = State.Extension;
                return CountExtension(limits);
            case (byte)' ' or (byte)'\t':
                _state = State.SpaceAfterSize;
                return CountExtension(limits);
            default:
                return AddDigit(next);
        }
    }

    private GateRule AddDigit(byte next)
    {
        if (!char.IsAsciiHexDigit((char)next))
            return next == '\n' ? GateRule.BareLineFeed : GateRule.ChunkSizeInvalid;
        // The top digit of sixteen may use three bits at most, so that a long stays positive.
        if (++_sizeDigits > SizeDigitsMax || _size > long.MaxValue >> 4)
            return GateRule.ChunkSizeOverflow;
        var digit = next <= '9' ? next - '0' : (next | 0x20) - 'a' + 10;
        _size = _size << 4 | (uint)digit;
        return GateRule.None;
    }

    /// <summary>
    /// White space may stand before the semicolon, but not instead of one. Quotations are followed, so that a line end
    /// inside one is refused and not taken for the end of the size line.
    /// </summary>
    private GateRule StepExtension(byte next, GateLimits limits)
    {
        if (next == '\r' && _state == State.Extension && !_isQuoted)
        {
            _state = State.SizeLineFeed;
            return GateRule.None;
        }

        if (next == '\n')
            return GateRule.BareLineFeed;
        if (next is < 0x20 and not (byte)'\t' or >= 0x7F)
            return GateRule.ChunkExtensionInvalid;
        if (_state == State.SpaceAfterSize)
        {
            if (next == ';')
                _state = State.Extension;
            else if (next is not ((byte)' ' or (byte)'\t'))
                return GateRule.ChunkSizeInvalid;
        }
        else if (_isEscaped)
        {
            _isEscaped = false;
        }
        else if (next == '"')
        {
            _isQuoted = !_isQuoted;
        }
        else if (next == '\\')
        {
            // A backslash has a meaning in quotations only.
            if (!_isQuoted)
                return GateRule.ChunkExtensionInvalid;
            _isEscaped = true;
        }

        return CountExtension(limits);
    }

    private GateRule CountExtension(GateLimits limits) =>
        ++_chunkExtensionBytes > limits.ChunkExtensionBytesMax || ++_bodyExtensionBytes > limits.BodyExtensionBytesMax
            ? GateRule.ChunkExtensionTooLong
            : GateRule.None;

    /// <summary>The rules of <see cref="FieldLines"/>, one byte at a time.</summary>
    private GateRule StepTrailer(byte next, GateLimits limits)
    {
        switch (_state)
        {
            case State.TrailerFirst when next == '\r':
                _state = State.EndLineFeed;
                return GateRule.None;
            case State.TrailerFirst:
                if (++_trailerLines > limits.FieldsMax)
                    return GateRule.TrailerTooLarge;
                _state = State.TrailerName;
                return StepTrailerName(next, isFirst: true) is var fault and not GateRule.None
                    ? fault
                    : Keep(next, limits);
            case State.TrailerName:
                return StepTrailerName(next, isFirst: false) is var nameFault and not GateRule.None
                    ? nameFault
                    : Keep(next, limits);
            case State.TrailerValue:
                if (next == '\r')
                    _state = State.TrailerLineFeed;
                else if (next is < 0x20 and not (byte)'\t' or 0x7F)
                    return FaultOfControl(next, GateRule.ControlByteInValue);
                return Keep(next, limits);
            case State.TrailerLineFeed:
                _state = State.TrailerFirst;
                return next == '\n' ? Keep(next, limits) : GateRule.BareCarriageReturn;
            default:
                _state = State.Done;
                return next == '\n' ? GateRule.None : GateRule.BareCarriageReturn;
        }
    }

    private GateRule StepTrailerName(byte next, bool isFirst)
    {
        if (next == ':' && !isFirst)
        {
            _state = State.TrailerValue;
            return GateRule.None;
        }

        if (ByteSets.Token.Contains(next))
            return GateRule.None;
        if (next is (byte)' ' or (byte)'\t')
            return isFirst ? GateRule.FoldedLine : GateRule.SpaceBeforeColon;
        return next == '\r' ? GateRule.ColonMissing : FaultOfControl(next, GateRule.FieldNameInvalid);
    }

    private static GateRule FaultOfControl(byte control, GateRule other) => control switch
    {
        0 => GateRule.NulByte,
        (byte)'\n' => GateRule.BareLineFeed,
        _ => other,
    };

    private GateRule Keep(byte next, GateLimits limits)
    {
        var room = _trailers is null ? limits.TrailerBytesMax : Math.Min(limits.TrailerBytesMax, _trailers.Length);
        if (_trailerBytes >= room)
            return GateRule.TrailerTooLarge;
        if (_trailers is not null)
            _trailers[_trailerBytes] = next;
        _trailerBytes++;
        return GateRule.None;
    }
}
