using Weir.Core.Caching;
using Weir.Core.Http;

namespace Weir.Caching;

// A stored answer, or one that is being fetched, on its way to a client.
internal sealed partial class CacheTurn
{
    private StoredAnswer? _serving;
    private BodyReader? _reader;
    private BodyCursor _cursor;
    private ResponseHead? _made;
    private byte[] _madeBytes = [];
    private long _left;
    private bool _isCollapsed;
    private bool _hasBody;

    /// <summary>The client's pace is waited for only where the bytes stay; else all are taken at once.</summary>
    public bool MayWaitForClient => _reader is null || _reader.Body.IsKept;

    /// <summary>The client is served, and the app is to be asked behind its back.</summary>
    public bool WantsRefresh => _verdict.WantsRefresh(_policy);

    /// <summary>
    /// The head that goes out, and the length that it announces: −1 where it is not known yet. After it comes the body,
    /// by <see cref="Next"/>, where <paramref name="hasBody"/> says so.
    /// </summary>
    public ResponseHead BeginServe(RequestHead request, long now, out long length, out bool hasBody)
    {
        var answer = _serving!;
        var body = answer.Body;
        length = body.HasEnded ? body.Length : -1;
        var kind = Preconditions.Judge(
            request, _facts, answer.Head, answer.Figures.StoredAt, length, now, out var range);
        hasBody = request.Verb != HttpVerb.Head && kind is AnswerKind.Whole or AnswerKind.Partial;
        _hasBody = hasBody;
        _left = long.MaxValue;
        if (kind == AnswerKind.Whole)
        {
            length = length < 0 ? answer.Announced : length;
            if (hasBody && _reader is null && !body.TryBegin(out _cursor))
                throw new InvalidOperationException("A stored body has lost its beginning.");
            return answer.Head;
        }

        var sizeMax = AnswerHeadWriter.SizeMax(answer.Head);
        if (_madeBytes.Length < sizeMax)
            _madeBytes = new byte[sizeMax];
        int count;
        switch (kind)
        {
            case AnswerKind.Partial:
                count = AnswerHeadWriter.WritePartial(answer.Head, range, length, _madeBytes);
                length = _left = range.Length;
                if (hasBody && !body.TryBegin(out _cursor, range.First))
                    throw new InvalidOperationException("A stored body has lost its beginning.");
                CloseReader();
                break;
            case AnswerKind.NotModified:
                count = AnswerHeadWriter.WriteNotModified(answer.Head, _madeBytes);
                length = -1;
                break;
            default:
                count = AnswerHeadWriter.WriteUnsatisfiable(length, _madeBytes);
                length = 0;
                break;
        }

        _made ??= new ResponseHead();
        ResponseParser.Parse(_madeBytes, 0, count, HttpVerb.Get, GateLimits.Default, _made, out _);
        return _made;
    }

    /// <summary>True: the answer that the app gave to this request says what the cache made of it.</summary>
    public bool SaysStatus => IsActive && (_place is not null || _stored != CacheReason.None);

    /// <summary>Bytes that are enough for <see cref="WriteLines"/>.</summary>
    public int LinesMax => 2 * AnswerHeadFields.BytesMax + (_policy.ShowsKey ? AnswerHeadFields.KeyBytesMax : 0);

    /// <summary>Whole lines, Age and Cache-Status, for the head that goes out.</summary>
    public int WriteLines(RequestHead request, long now, Span<byte> destination)
    {
        var count = 0;
        var key = _policy.ShowsKey ? (_serving ?? _filling)?.Key ?? WriteKey(request, out _) : default;
        if (_serving is { } serving)
        {
            var isConfirmed = Result == CacheResult.Validated;
            count = AnswerHeadFields.WriteAge(serving.Figures.AgeAt(now), destination);
            destination = destination[count..];
            return count + (_isCollapsed || isConfirmed
                ? AnswerHeadFields.WriteForwarded(
                    _verdict, isConfirmed ? 304 : 0, _stored, _isCollapsed, key, destination)
                : AnswerHeadFields.WriteHit(_verdict, key, destination));
        }

        return AnswerHeadFields.WriteForwarded(_verdict, 0, _stored, collapsed: false, key, destination);
    }

    /// <summary>
    /// The place in a file to send what is left from, entered; null where the body goes out of memory. What was sent is
    /// told by <see cref="Took"/>.
    /// </summary>
    /// <param name="offset">In the file.</param>
    public FiledBody? EnterFile(long now, out long offset, out long count)
    {
        (offset, count) = (0, 0);
        if (!_hasBody || _reader is not null || room.Files.Enter(_serving!, now) is not { } filed)
            return null;
        offset = filed.Start + _cursor.Position;
        count = Math.Min(_left, filed.Length - _cursor.Position);
        return filed;
    }

    /// <summary>The next bytes of the body, to be told of by <see cref="Took"/>.</summary>
    public StoredRead Next(out ArraySegment<byte> bytes)
    {
        bytes = default;
        if (!_hasBody || _left == 0)
            return StoredRead.Ended;
        var read = _reader is not null ? _reader.TryPeek(out bytes) : _serving!.Body.TryPeek(ref _cursor, out bytes);
        if (bytes.Count > _left)
            bytes = bytes[..(int)_left];
        return read;
    }

    public void Took(long count)
    {
        _left -= _left == long.MaxValue ? 0 : count;
        if (_reader is not null)
            _reader.Advance((int)count);
        else
            _cursor.Advance(count);
    }

    private void CloseReader()
    {
        _reader?.Close();
        _reader = null;
    }
}
