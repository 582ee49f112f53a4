using Weir.Caching;
using Weir.Core.Caching;
using Weir.Core.Http;
using Weir.Core.Ledger;

namespace Weir.Ledger;

/// <summary>
/// One exchange as logfmt: Heroku's router fields in Heroku's order, then ours. Durations of ours are milliseconds with
/// three places, and recv + cache + queue + conn + app + send = total, exactly. A fact that there is not stays empty.
/// </summary>
internal static class LogLine
{
    /// <summary>Writes the line, with its end, and returns its length. What does not fit is left out.</summary>
    public static int Write(in LedgerEntry entry, Span<byte> to)
    {
        var line = new LineBytes(to);
        AddHead(ref line, entry);
        AddHerokuFields(ref line, entry);
        AddPhases(ref line, entry);
        AddRouting(ref line, entry);
        AddMarks(ref line, entry);
        line.EndLine();
        return line.Length;
    }

    /// <summary>True where the exchange reached an instance, so that connect and service mean something.</summary>
    internal static bool WasConnected(in LedgerEntry entry) =>
        entry.Instance is not null && (entry.Times[(int)Phase.App] > 0 || entry.LastPhase >= Phase.App);

    private static void AddHead(ref LineBytes line, in LedgerEntry entry)
    {
        var facts = Outcomes.Of(entry.Outcome);
        if (facts.Sock.Length > 0)
        {
            line.Add("sock="u8);
            line.Add(facts.Sock);
            line.Add((byte)' ');
        }
        line.Add(facts.Level switch
        {
            OutcomeLevel.Info => "at=info"u8,
            OutcomeLevel.Warning => "at=warning"u8,
            _ => "at=error"u8,
        });
        if (facts.Code.Length == 0)
            return;
        line.Add(" code="u8);
        line.Add(facts.Code);
        line.Add(" desc=\""u8);
        line.Add(facts.Description);
        line.Add((byte)'"');
    }

    private static void AddHerokuFields(ref LineBytes line, in LedgerEntry entry)
    {
        line.Add(" method="u8);
        LogText.AddBare(ref line, entry.Method);
        line.Add(" path="u8);
        LogText.AddPath(ref line, entry.Path, json: false);
        line.Add(" host="u8);
        LogText.AddBare(ref line, entry.Host);
        line.Add(" request_id="u8);
        LogText.AddBare(ref line, entry.RequestId);
        line.Add(" fwd="u8);
        LogText.AddQuoted(ref line, entry.ForwardedFor, json: false);
        line.Add(" dyno="u8);
        LogText.AddName(ref line, entry.Instance, json: false);
        line.Add(" connect="u8);
        if (WasConnected(entry))
            AddWhole(ref line, entry.Times[(int)Phase.Connect]);
        line.Add(" service="u8);
        if (WasConnected(entry))
            AddWhole(ref line, entry.Times[(int)Phase.App]);
        line.Add(" status="u8);
        if (entry.Status > 0)
            line.Add(entry.Status);
        line.Add(" bytes="u8);
        line.Add(entry.ResponseBytes);
        line.Add(" protocol="u8);
        line.Add(ProtocolOf(entry.Protocol));
        line.Add(entry.Tls switch
        {
            TlsVersion.None => " tls=false"u8,
            TlsVersion.Tls12 => " tls=true tls_version=tls1.2"u8,
            TlsVersion.Tls13 => " tls=true tls_version=tls1.3"u8,
            _ => " tls=true tls_version=unknown"u8,
        });
    }

    internal static ReadOnlySpan<byte> ProtocolOf(ProtocolVersion protocol) => protocol switch
    {
        ProtocolVersion.Http10 => "http1.0"u8,
        ProtocolVersion.Http11 => "http1.1"u8,
        _ => "http2.0"u8,
    };

    private static void AddPhases(ref LineBytes line, in LedgerEntry entry)
    {
        AddMillis(ref line, " recv="u8, entry.Times[(int)Phase.Receive]);
        AddMillis(ref line, " cache="u8, entry.Times[(int)Phase.Cache]);
        AddMillis(ref line, " queue="u8, entry.Times[(int)Phase.Queue]);
        AddMillis(ref line, " conn="u8, entry.Times[(int)Phase.Connect]);
        AddMillis(ref line, " app="u8, entry.Times[(int)Phase.App]);
        AddMillis(ref line, " send="u8, entry.Times[(int)Phase.Send]);
        AddMillis(ref line, " total="u8, entry.Times.Total);
        AddMillis(ref line, " edge="u8, entry.EdgeMicros);
        AddMillis(ref line, " ttfb="u8, entry.FirstByteMicros);
        AddMillis(ref line, " worker="u8, entry.WorkerMicros);
    }

    private static void AddRouting(ref LineBytes line, in LedgerEntry entry)
    {
        line.Add(" name="u8);
        LogText.AddName(ref line, entry.App, json: false);
        line.Add(" tries="u8);
        line.Add(entry.Tries);
        line.Add(" qpos="u8);
        if (entry.QueuePosition >= 0)
            line.Add(entry.QueuePosition);
        line.Add(" qlen="u8);
        if (entry.QueuePosition >= 0)
            line.Add(entry.QueueLength);
        line.Add(" slot="u8);
        if (entry.Slot >= 0)
            line.Add(entry.Slot);
        line.Add(" slots="u8);
        if (entry.SlotsTotal > 0)
        {
            line.Add(entry.SlotsLeased);
            line.Add((byte)'/');
            line.Add(entry.SlotsTotal);
        }
        line.Add(" rx="u8);
        line.Add(entry.RequestBytes);
        line.Add(" term="u8);
        line.Add(Outcomes.TermOf(entry.Outcome, entry.LastPhase));
    }

    private static void AddMarks(ref LineBytes line, in LedgerEntry entry)
    {
        if (entry.Rule != GateRule.None)
        {
            line.Add(" rule="u8);
            line.Add(GateRules.Of(entry.Rule).Name);
        }
        if (entry.Cache != CacheResult.None)
        {
            line.Add(" cache="u8);
            line.Add(entry.Cache.WordBytes());
            line.Add(" why="u8);
            line.Add(entry.CacheReason.Token());
        }
        if (entry.Spilled)
            line.Add(" spill=true"u8);
        if (entry.Streamed)
            line.Add(" stream=true"u8);
        if (entry.HeldByClient)
            line.Add(" held=client"u8);
        if (entry.Bypassed)
            line.Add(" bypass=true"u8);
        line.Add(" arrived="u8);
        line.AddTime(entry.ArrivedUnixMicros);
    }

    private static void AddMillis(ref LineBytes line, ReadOnlySpan<byte> key, long micros)
    {
        line.Add(key);
        if (micros < 0)
            return;
        line.AddMillis(micros);
        line.Add("ms"u8);
    }

    private static void AddWhole(ref LineBytes line, long micros)
    {
        line.Add(micros / 1_000);
        line.Add("ms"u8);
    }
}
