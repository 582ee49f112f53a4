using Weir.Core.Chance;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling.Talks;

/// <summary>
/// What a client may say, made up at random: batches that fail anywhere, statements known and unknown, COPY in both
/// protocols, transactions left open; in pieces of any length. PostgreSQL's answers to it do not depend on when the
/// pieces come: what is sent where a COPY may run is data, its end, or the Sync that libpq puts behind an Execute.
/// </summary>
internal sealed class RandomTalk
{
    public const string EndMark = "the end";
    private static readonly string[] s_names = ["", "", "a", "b", "c"];
    private static readonly string[] s_portals = ["", "", "", "p"];

    private static readonly string[] s_texts =
    [
        "select 1", "select 2, 'x'", "select 1/0", "selec 3", "select 4 -- a comment", "select $1::int + 1", "",
        "begin", "commit", "rollback", "savepoint s", "rollback to s", "select generate_series(1, 4)",
        "select none_such", "copy (select 5) to stdout", "set work_mem = '5MB'", "show work_mem",
        "prepare d as select 6", "execute d", "deallocate d", "insert into talked values (7)", "notify somebody",
    ];

    private static readonly string[] s_scripts =
    [
        "select 1; select 2", "select 1; select 1/0; select 3", "begin; select 1", "commit; select 2",
        "select 1; begin", "select 1; copy talked from stdin; select 2",
        "copy talked from stdin; copy talked from stdin",
    ];

    private readonly SeededRandom _random;
    private readonly PgBatch _batch = new();
    private readonly List<string> _told = [];

    /// <summary>Names of statements whose text is a COPY, as far as the last Parse of them goes.</summary>
    private readonly HashSet<string> _copying = [];
    private readonly HashSet<string> _copyingPortals = [];

    public RandomTalk(SeededRandom random)
    {
        _random = random;
        for (var count = 3 + random.NextBelow(25); count > 0; count--) SayOne();
        // Out of whatever it is in: a batch that is skipped, a transaction.
        Say("S", batch => batch.Sync());
        SayQuery("rollback");
        SayQuery($"select '{EndMark}'");
        Pieces = Cut();
    }

    /// <summary>Where the sender may stop: message ends, and places within messages.</summary>
    public IReadOnlyList<byte[]> Pieces { get; }

    /// <summary>The messages in words.</summary>
    public string Told => string.Join(' ', _told);

    private void SayOne()
    {
        switch (_random.NextBelow(20))
        {
            case < 4:
                SayParse();
                break;
            case < 8:
                SayBind();
                break;
            case < 12:
                SayExecute();
                break;
            case 12:
                var (target, names) = _random.NextBelow(2) == 0 ? ('S', s_names) : ('P', s_portals);
                var described = Any(names);
                Say($"D({target}{described})", batch => batch.Describe(target, described));
                break;
            case 13:
                var closed = Any(s_names);
                Say($"C({closed})", batch => batch.Close('S', closed));
                break;
            case 14:
                Say("H", batch => batch.Flush());
                break;
            case < 18:
                Say("S", batch => batch.Sync());
                break;
            default:
                SayQuery(_random.NextBelow(3) == 0 ? Any(s_scripts) : AnyText());
                break;
        }
    }

    private string AnyText() => _random.NextBelow(12) switch
    {
        0 => "copy talked from stdin",
        1 => "select 8 /* " + new string('x', 1 + _random.NextBelow(70_000)) + " */",
        _ => Any(s_texts),
    };

    private void SayParse()
    {
        var (name, text) = (Any(s_names), AnyText());
        // A Parse that is skipped, or whose name is taken, leaves what was there: then the name may be either.
        if (text.StartsWith("copy talked", StringComparison.Ordinal)) _copying.Add(name);
        Say($"P({name}: {Short(text)})", batch => batch.Parse(name, text));
    }

    private void SayBind()
    {
        var (portal, name) = (Any(s_portals), Any(s_names));
        string[] values = _random.NextBelow(3) == 0 ? ["9"] : [];
        if (_copying.Contains(name)) _copyingPortals.Add(portal);
        Say($"B({portal}: {name} {values.Length})", batch => batch.Bind(portal, name, values));
    }

    private void SayExecute()
    {
        var portal = Any(s_portals);
        var rows = _random.NextBelow(3);
        Say($"E({portal} {rows})", batch => batch.Execute(portal, rows));
        if (!_copyingPortals.Contains(portal)) return;
        // As libpq does, which sends a Sync with every Execute, and another at the end.
        if (_random.NextBelow(2) == 0) Say("S", batch => batch.Sync());
        SayData();
        if (_random.NextBelow(3) > 0) Say("S", batch => batch.Sync());
    }

    private void SayQuery(string text)
    {
        Say($"Q({Short(text)})", batch => batch.Query(text));
        for (var at = 0; (at = text.IndexOf("from stdin", at, StringComparison.Ordinal)) >= 0; at++) SayData();
    }

    private void SayData()
    {
        for (var count = _random.NextBelow(4); count > 0; count--)
        {
            var data = _random.NextBelow(4) == 0 ? "bad\n" : "10\n11\n";
            Say($"d({data[..2]})", batch => batch.CopyData(data));
        }

        if (_random.NextBelow(4) == 0) Say("f", batch => batch.CopyFail("enough"));
        else Say("c", batch => batch.CopyDone());
    }

    private void Say(string told, Func<PgBatch, PgBatch> message)
    {
        message(_batch);
        _told.Add(told);
    }

    /// <summary>All in one piece, message by message, or anywhere.</summary>
    private List<byte[]> Cut()
    {
        var ends = new SortedSet<int> { _batch.Bytes.Length };
        switch (_random.NextBelow(4))
        {
            case 0:
                break;
            case 1:
                ends.UnionWith(_batch.Ends);
                break;
            default:
                ends.UnionWith(_batch.Ends.Where(_ => _random.NextBelow(3) == 0));
                for (var cuts = _random.NextBelow(6); cuts > 0; cuts--)
                    ends.Add(1 + _random.NextBelow(_batch.Bytes.Length - 1));
                break;
        }

        var pieces = new List<byte[]>();
        var from = 0;
        foreach (var end in ends)
        {
            pieces.Add(_batch.Bytes[from..end].ToArray());
            from = end;
        }

        return pieces;
    }

    private string Any(string[] of) => of[_random.NextBelow(of.Length)];

    private static string Short(string text) => text.Length > 60 ? $"{text[..20]}… of {text.Length}" : text;
}
