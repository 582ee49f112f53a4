using Weir.Core.Chance;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling.Leaks;

/// <summary>A client and the model of its session; it acts, looks, and is compared.</summary>
internal sealed class LeakClient : IDisposable
{
    /// <summary>What an act may be refused with, for what the same session did before: no privilege after SET ROLE,
    /// a read-only session, a setting nobody knows, a failed transaction.</summary>
    private static readonly string[] s_refusals = ["42501", "25006", "42704", "25001"];

    private readonly LeakGround _ground;
    private PgRawClient _client;

    /// <param name="history">What all of them did, for the report of a failure.</param>
    public LeakClient(LeakGround ground, char owner, List<string> history)
    {
        History = history;
        (_ground, Model) = (ground, new SessionModel(owner, ground.Fresh));
        _client = ground.Connect();
    }

    public SessionModel Model { get; }

    private List<string> History { get; }

    /// <summary>Does it in one of the ways a client can; a refusal that is no fault leaves the model alone.</summary>
    public IEnumerable<string> Do(SessionAct act, SeededRandom random)
    {
        var text = act.Text(Model);
        if (text.Length == 0) return [];
        // Several statements in one text are for simple queries only.
        var isExtended = random.NextBelow(2) == 0 && !text.Contains(';', StringComparison.Ordinal);
        var way = act.IsAlone ? 0 : random.NextBelow(4);
        History.Add($"{Model.Owner}: {text}{(isExtended ? " [extended]" : "")}{s_ways[way]}");
        if (way > 0) _client.Do("begin");
        var answer = Ask();
        if (act.IsTry && answer.Value == "f")
        {
            History.Add($"{Model.Owner}:   f");
            Eventually.True(() => (answer = Ask()).Value != "f", "who had it has lost it");
        }

        var isFailed = answer.Fault.Length > 0;
        if (way > 0) _client.Do(way == 2 || isFailed ? "rollback" : "commit");
        if (!isFailed)
        {
            if (way != 2 || act.OutlivesRollback) act.Effect(Model);
            return [];
        }

        History.Add($"{Model.Owner}:   {answer.Fault}");
        return s_refusals.Contains(answer.Code) ? [] : [$"{Model.Owner}: {act}: {answer.Fault}"];

        PgAnswer Ask() => isExtended ? _client.Ask(new PgBatch().Extended(text)) : _client.Query(text);
    }

    public IEnumerable<string> Look(SeededRandom random)
    {
        History.Add($"{Model.Owner}: looks");
        return [.. Model.Faults(_client, random.NextBelow(2) == 0)];
    }

    /// <summary>Holds a server connection until the next call: the other client gets another one meanwhile.</summary>
    public void Hold(bool on)
    {
        History.Add($"{Model.Owner}: {(on ? "begins" : "commits")}");
        _client.Do(on ? "begin; select 1" : "commit");
    }

    /// <summary>Leaves and comes again as a new session.</summary>
    public void Renew(SeededRandom random)
    {
        switch (random.NextBelow(3))
        {
            case 0:
                History.Add($"{Model.Owner}: leaves");
                _client.Dispose();
                break;
            case 1:
                History.Add($"{Model.Owner}: vanishes");
                _client.Vanish();
                break;
            default:
                History.Add($"{Model.Owner}: vanishes in a transaction");
                _client.Do("begin; set work_mem = '9MB'");
                _client.Vanish();
                break;
        }

        _client = _ground.Connect();
        Model.Clear();
    }

    public void Dispose() => _client.Dispose();

    private static readonly string[] s_ways = ["", " [begin, commit]", " [begin, rollback]", " [begin, commit]"];
}
