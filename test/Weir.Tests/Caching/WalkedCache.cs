using Weir.Core.Caching;
using Weir.Core.Http;
using Weir.Tests.Http;

namespace Weir.Tests.Caching;

/// <summary>
/// The smallest cache that can be made of the decisions, in the order in which an exchange makes them: one thread, no
/// followers, a list for a store.
/// </summary>
internal sealed class WalkedCache(CachePolicy policy)
{
    /// <summary>Every body is as long.</summary>
    private const long BodyBytes = 11;

    private readonly List<Entry> _entries = [];

    public long Now { get; set; } = CacheText.Now;

    /// <summary>What the app was last sent beside the client's own fields.</summary>
    public string Conditions { get; private set; } = "";

    /// <summary>Why the last answer of the app was stored or not; None if it was not asked.</summary>
    public CacheReason Stored { get; private set; }

    /// <summary>The head that the client got, where it came from the store.</summary>
    public string Head { get; private set; } = "";

    /// <summary>
    /// Asks for something. "hit", "stale", "validated" (a 304 of the app's), "app", "pass", or the status where it is
    /// made here; "hit 304" and the like where a stored answer goes out in another form.
    /// </summary>
    public string Ask(
        string fields = "", string answer = "", string status = "200 OK", string method = "GET", string target = "/a")
    {
        (Conditions, Head, Stored) = ("", "", CacheReason.None);
        var head = CacheText.Request(fields, target, method);
        var facts = RequestFacts.Read(head);
        var app = CacheText.Response(answer, status);
        var verdict = ReuseDecision.Admit(facts, policy);
        var buffer = new byte[CacheKeyWriter.BytesMax];
        var reason = CacheKeyWriter.Write(head, false, policy, buffer, out var key);
        if (reason != CacheReason.None || verdict.Kind == ReuseKind.Pass)
            return Pass(head, app, facts, buffer.AsSpan(0, key.Length).ToArray(), key.IsNormal, verdict.MayStore);
        var whole = buffer[..key.Length];
        var entry = _entries.Find(one => one.Key.AsSpan().SequenceEqual(whole) && Fits(one, head));
        verdict = entry is null
            ? ReuseDecision.Missing(facts, policy, CacheReason.NotStored)
            : ReuseDecision.Decide(facts, entry.Figures, policy, Now);
        switch (verdict.Kind)
        {
            case ReuseKind.OnlyIfCached:
                return "504";
            case ReuseKind.Hit:
                return Serve("hit", head, facts, entry!);
            case ReuseKind.Stale or ReuseKind.StaleAndRefresh:
                return Serve("stale", head, facts, entry!);
            case ReuseKind.Pass when method == "HEAD" && entry is not null:
                return WriteThrough(app, entry);
            case ReuseKind.Pass:
                return Pass(head, app, facts, whole, key.IsNormal, verdict.MayStore);
            case ReuseKind.Validate when entry is not null:
                return Validate(head, app, facts, entry, whole, key.IsNormal);
            default:
                Store(head, app, facts, whole, key.IsNormal);
                return "app";
        }
    }

    private bool Fits(Entry entry, RequestHead head) => ValuesOf(entry.Names,
        head).AsSpan().SequenceEqual(entry.Values);

    private byte[] ValuesOf(byte[] names, RequestHead head)
    {
        var values = new byte[VaryValues.BytesMax];
        return values[..VaryValues.Write(head, names, policy, values)];
    }

    private string Pass(
        RequestHead head, ResponseHead app, in RequestFacts facts, byte[] key, bool isNormal, bool mayStore)
    {
        if (mayStore)
            Store(head, app, facts, key, isNormal);
        if (Invalidation.Applies(facts.Verb, app.Status))
        {
            var url = new byte[CacheKeyWriter.BytesMax];
            Drop(url.AsSpan(0, Invalidation.WriteTarget(head, false, policy, url)));
            Drop(url.AsSpan(0, Invalidation.WriteLocation(head, app, false, policy, url)));
            Drop(url.AsSpan(0, Invalidation.WriteContentLocation(head, app, false, policy, url)));
        }

        return "pass";
    }

    private void Drop(ReadOnlySpan<byte> url)
    {
        var text = HeadText.Text(url);
        if (text.Length > 0)
            _entries.RemoveAll(entry => HeadText.Text(entry.Key).Split('\0')[0] == text);
    }

    private void Store(RequestHead head, ResponseHead app, in RequestFacts facts, byte[] key, bool isNormal)
    {
        var answer = ResponseFacts.Read(app, policy, Now);
        var verdict = StoreDecision.Decide(facts, answer, policy, new FillTimes(Now, Now), isNormal);
        Stored = verdict.Reason;
        if (!verdict.Stores)
            return;
        var names = new byte[VaryNames.BytesMax];
        names = names[..VaryNames.Read(app, names)];
        var bytes = new byte[StoredHeadWriter.SizeMax(app)];
        bytes = bytes[..StoredHeadWriter.Write(app, policy, Now, bytes)];
        var values = ValuesOf(names, head);
        _entries.RemoveAll(one => one.Key.AsSpan().SequenceEqual(key) && one.Values.AsSpan().SequenceEqual(values));
        _entries.Add(new Entry(key, names, values, Parse(bytes), verdict.Figures));
    }

    private string Validate(
        RequestHead head, ResponseHead app, in RequestFacts facts, Entry entry, byte[] key, bool isNormal)
    {
        var lines = new byte[entry.Head.Length + 64];
        Conditions = HeadText.Text(lines.AsSpan(0, ValidationFields.Write(entry.Head, lines)));
        if (app.Status == 304)
        {
            Merge(app, entry);
            return Serve("validated", head, facts, entry);
        }

        var error = ReuseDecision.IsError(app.Status)
            ? ReuseDecision.StandIn(facts, entry.Figures, policy, Now, StaleCause.Error)
            : default;
        if (error.Serves)
            return Serve("stale", head, facts, entry);
        Store(head, app, facts, key, isNormal);
        return "app";
    }

    private string WriteThrough(ResponseHead app, Entry entry)
    {
        if (StoredHeadMerge.HeadFits(entry.Head, BodyBytes, app))
            Merge(app, entry);
        else
            _entries.Remove(entry);
        return "pass";
    }

    private void Merge(ResponseHead app, Entry entry)
    {
        var bytes = new byte[StoredHeadMerge.SizeMax(entry.Head, app)];
        bytes = bytes[..StoredHeadMerge.Write(entry.Head, app, policy, Now, bytes)];
        var merged = Parse(bytes);
        var verdict = StoreDecision.Refreshed(entry.Figures, ResponseFacts.Read(merged, policy, Now),
            ResponseFacts.Read(app, policy, Now), policy, new FillTimes(Now, Now));
        Stored = verdict.Reason;
        entry.Head = merged;
        if (verdict.Stores)
            entry.Figures = verdict.Figures;
        else
            _entries.Remove(entry);
    }

    private string Serve(string how, RequestHead head, in RequestFacts facts, Entry entry)
    {
        var kind = Preconditions.Judge(
            head, facts, entry.Head, entry.Figures.StoredAt, BodyBytes, Now, out var range);
        var bytes = new byte[AnswerHeadWriter.SizeMax(entry.Head)];
        var length = kind switch
        {
            AnswerKind.NotModified => AnswerHeadWriter.WriteNotModified(entry.Head, bytes),
            AnswerKind.Partial => AnswerHeadWriter.WritePartial(entry.Head, range, BodyBytes, bytes),
            AnswerKind.Unsatisfiable => AnswerHeadWriter.WriteUnsatisfiable(BodyBytes, bytes),
            _ => 0,
        };
        var answer = length == 0 ? entry.Head : Parse(bytes[..length]);
        Head = HeadText.Text(answer.Bytes);
        return answer.Status == entry.Head.Status ? how : $"{how} {answer.Status}";
    }

    private static ResponseHead Parse(byte[] bytes) => HeadText.AcceptedResponse(HeadText.Text(bytes));

    private sealed class Entry(byte[] key, byte[] names, byte[] values, ResponseHead head, StoredFigures figures)
    {
        public byte[] Key { get; } = key;
        public byte[] Names { get; } = names;
        public byte[] Values { get; } = values;
        public ResponseHead Head { get; set; } = head;
        public StoredFigures Figures { get; set; } = figures;
    }
}
