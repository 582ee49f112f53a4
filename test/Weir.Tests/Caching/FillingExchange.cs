using Weir.Beat;
using Weir.Caching;
using Weir.Core.Caching;

namespace Weir.Tests.Caching;

/// <summary>
/// What an exchange does at the cache, and nothing else: look, arrive, fetch or follow, read. Its app is a counter.
/// </summary>
internal sealed class FillingExchange : Driven
{
    private readonly Answers _world;
    private readonly FillingApp _app;
    private readonly byte[] _key;
    private FillPlace? _place;
    private BodyReader? _reader;
    private StoredBody? _body;
    private int _sent;
    private int _read;

    public FillingExchange(Answers world, FillingApp app, string path)
    {
        _world = world;
        _app = app;
        _key = Answers.Key(path);
    }

    public TaskCompletionSource Ends { get; } = new();

    /// <summary>How it came to its answer: hit, fetched, followed, alone; or what went wrong.</summary>
    public string Way { get; private set; } = "";

    /// <summary>As a fetcher, it goes before the head with this chance in a hundred.</summary>
    public int DiesPercent { get; init; }

    private ulong Hash => _world.Store.Hash(_key);

    protected override void Advance()
    {
        if (Ends.Task.IsCompleted)
            return;
        if (_place is null && (TryHit() || !Begin()))
            return;
        if (_body is not null)
            Fetch();
        else if (_reader is not null)
            Read();
        else
            Look();
    }

    protected override void Fail(Exception exception) => End(exception.ToString());

    private bool TryHit()
    {
        foreach (var answer in _world.Store.Find(Hash, _key))
        {
            if (_world.Purges.Check(answer) != PurgeVerdict.Kept)
                continue;
            AnswerStore.Use(answer, 1);
            Assert.True(_app.IsWhole(answer, out var fault), fault);
            End("hit");
            return true;
        }

        return false;
    }

    private bool Begin()
    {
        _place = new FillPlace(this);
        var role = _world.Fills.Arrive(_place, _key, Answers.Parts(_key), 0, 1000, long.MaxValue);
        return role != FillRole.Follower;
    }

    private void Look()
    {
        switch (_place!.Role)
        {
            case FillRole.Follower:
                return;
            case FillRole.Reader:
                _reader = _place.Fill!.Answer!.Body.Open(this);
                Assert.NotNull(_reader);
                Read();
                return;
            case FillRole.Fetcher:
                AskApp();
                return;
            default:
                _app.AskedBesides();
                _world.Fills.Gone(_place, 0);
                End("alone");
                return;
        }
    }

    private void AskApp()
    {
        var found = _world.Store.FindAgain(Hash, _key);
        if (found.Length > 0 && _world.Purges.Check(found[0]) == PurgeVerdict.Kept)
        {
            _world.Fills.HeadStorable(_place!, found[0], 0);
            _world.Fills.Ended(_place!);
            End("hit");
            return;
        }

        var isStorable = _app.Ask(_key);
        if (_app.Draws(DiesPercent))
        {
            _app.GaveUp(_key);
            _world.Fills.Gone(_place!, 0);
            End("died");
            return;
        }

        if (!isStorable)
        {
            _app.Answered(_key);
            _world.Fills.HeadNotStorable(_place!, marks: true, 0);
            End("alone");
            return;
        }

        _body = new StoredBody(-1, _world.Store.AnswerBytesMax, _world.Store.UnderWay) { Writer = this };
        Assert.True(_world.Fills.HeadStorable(_place!, FillingApp.Answer(_world, _key, _body, _place!.Capture), 0));
        RaiseOnPool();
    }

    private void Fetch()
    {
        var bytes = _app.BytesOf(_key);
        var count = Math.Min(7000, bytes.Length - _sent);
        _body!.Append(bytes.AsSpan(_sent, count));
        _sent += count;
        if (_sent < bytes.Length)
        {
            RaiseOnPool();
            return;
        }

        _body.End();
        _app.Answered(_key);
        _world.Store.Put(_place!.Fill!.Answer!, 1);
        _world.Fills.Ended(_place);
        End("fetched");
    }

    private void Read()
    {
        var bytes = _app.BytesOf(_key);
        StoredRead read;
        while ((read = _reader!.TryPeek(out var piece)) == StoredRead.Bytes)
        {
            Assert.True(piece.AsSpan().SequenceEqual(bytes.AsSpan(_read, piece.Count)), "another's bytes");
            _read += piece.Count;
            _reader.Advance(piece.Count);
        }

        if (read == StoredRead.Waiting)
            return;
        Assert.Equal((StoredRead.Ended, bytes.Length), (read, _read));
        _reader.Close();
        _world.Fills.Gone(_place!, 0);
        End("followed");
    }

    private void End(string way)
    {
        Way = way;
        Ends.TrySetResult();
    }
}
