using Weir.Caching;
using Weir.Core.Caching;
using Weir.Core.Http;
using Weir.Core.Ledger;

namespace Weir.Ledger;

/// <summary>
/// One exchange as a line of JSON, with the keys of <see cref="LogLine"/>; durations are milliseconds, unknowns null.
/// </summary>
internal static class LogLineJson
{
    /// <summary>Writes the line, with its end, and returns its length.</summary>
    public static int Write(in LedgerEntry entry, Span<byte> to)
    {
        var line = new LineBytes(to);
        AddHead(ref line, entry);
        AddClientFields(ref line, entry);
        AddHerokuFields(ref line, entry);
        AddPhases(ref line, entry);
        AddRouting(ref line, entry);
        AddMarks(ref line, entry);
        line.Add((byte)'}');
        line.EndLine();
        return line.Length;
    }

    private static void AddHead(ref LineBytes line, in LedgerEntry entry)
    {
        var facts = Outcomes.Of(entry.Outcome);
        line.Add(facts.Level switch
        {
            OutcomeLevel.Info => "{\"at\":\"info\""u8,
            OutcomeLevel.Warning => "{\"at\":\"warning\""u8,
            _ => "{\"at\":\"error\""u8,
        });
        if (facts.Sock.Length > 0)
            AddText(ref line, ",\"sock\":"u8, facts.Sock);
        if (facts.Code.Length == 0)
            return;
        AddText(ref line, ",\"code\":"u8, facts.Code);
        AddText(ref line, ",\"desc\":"u8, facts.Description);
    }

    private static void AddClientFields(ref LineBytes line, in LedgerEntry entry)
    {
        line.Add(",\"method\":"u8);
        LogText.AddQuoted(ref line, entry.Method, json: true);
        line.Add(",\"path\":"u8);
        LogText.AddPath(ref line, entry.Path, json: true);
        line.Add(",\"host\":"u8);
        LogText.AddQuoted(ref line, entry.Host, json: true);
        line.Add(",\"request_id\":"u8);
        LogText.AddQuoted(ref line, entry.RequestId, json: true);
        line.Add(",\"fwd\":"u8);
        LogText.AddQuoted(ref line, entry.ForwardedFor, json: true);
    }

    private static void AddHerokuFields(ref LineBytes line, in LedgerEntry entry)
    {
        var isConnected = LogLine.WasConnected(entry);
        AddName(ref line, ",\"dyno\":"u8, entry.Instance);
        AddNumber(ref line, ",\"connect\":"u8, isConnected ? entry.Times[(int)Phase.Connect] / 1_000 : -1);
        AddNumber(ref line, ",\"service\":"u8, isConnected ? entry.Times[(int)Phase.App] / 1_000 : -1);
        AddNumber(ref line, ",\"status\":"u8, entry.Status > 0 ? entry.Status : -1);
        AddNumber(ref line, ",\"bytes\":"u8, entry.ResponseBytes);
        line.Add(",\"protocol\":\""u8);
        line.Add(LogLine.ProtocolOf(entry.Protocol));
        line.Add(entry.Tls switch
        {
            TlsVersion.None => "\",\"tls\":false"u8,
            TlsVersion.Tls12 => "\",\"tls\":true,\"tls_version\":\"tls1.2\""u8,
            TlsVersion.Tls13 => "\",\"tls\":true,\"tls_version\":\"tls1.3\""u8,
            _ => "\",\"tls\":true,\"tls_version\":\"unknown\""u8,
        });
    }

    private static void AddPhases(ref LineBytes line, in LedgerEntry entry)
    {
        AddMillis(ref line, ",\"recv\":"u8, entry.Times[(int)Phase.Receive]);
        AddMillis(ref line, ",\"cache\":"u8, entry.Times[(int)Phase.Cache]);
        AddMillis(ref line, ",\"queue\":"u8, entry.Times[(int)Phase.Queue]);
        AddMillis(ref line, ",\"conn\":"u8, entry.Times[(int)Phase.Connect]);
        AddMillis(ref line, ",\"app\":"u8, entry.Times[(int)Phase.App]);
        AddMillis(ref line, ",\"send\":"u8, entry.Times[(int)Phase.Send]);
        AddMillis(ref line, ",\"total\":"u8, entry.Times.Total);
        AddMillis(ref line, ",\"edge\":"u8, entry.EdgeMicros);
        AddMillis(ref line, ",\"ttfb\":"u8, entry.FirstByteMicros);
        AddMillis(ref line, ",\"worker\":"u8, entry.WorkerMicros);
    }

    private static void AddRouting(ref LineBytes line, in LedgerEntry entry)
    {
        AddName(ref line, ",\"name\":"u8, entry.App);
        AddNumber(ref line, ",\"tries\":"u8, entry.Tries);
        AddNumber(ref line, ",\"qpos\":"u8, entry.QueuePosition);
        AddNumber(ref line, ",\"qlen\":"u8, entry.QueuePosition >= 0 ? entry.QueueLength : -1);
        AddNumber(ref line, ",\"slot\":"u8, entry.Slot);
        AddNumber(ref line, ",\"slots_leased\":"u8, entry.SlotsTotal > 0 ? entry.SlotsLeased : -1);
        AddNumber(ref line, ",\"slots_total\":"u8, entry.SlotsTotal > 0 ? entry.SlotsTotal : -1);
        AddNumber(ref line, ",\"rx\":"u8, entry.RequestBytes);
        AddText(ref line, ",\"term\":"u8, Outcomes.TermOf(entry.Outcome, entry.LastPhase));
    }

    private static void AddMarks(ref LineBytes line, in LedgerEntry entry)
    {
        if (entry.Rule != GateRule.None)
            AddText(ref line, ",\"rule\":"u8, GateRules.Of(entry.Rule).Name);
        if (entry.Cache != CacheResult.None)
        {
            AddText(ref line, ",\"cache\":"u8, entry.Cache.Word());
            AddText(ref line, ",\"why\":"u8, entry.CacheReason.Name());
        }
        if (entry.Spilled)
            line.Add(",\"spill\":true"u8);
        if (entry.Streamed)
            line.Add(",\"stream\":true"u8);
        if (entry.HeldByClient)
            line.Add(",\"held\":\"client\""u8);
        if (entry.Bypassed)
            line.Add(",\"bypass\":true"u8);
        line.Add(",\"arrived\":\""u8);
        line.AddTime(entry.ArrivedUnixMicros);
        line.Add((byte)'"');
    }

    private static void AddName(ref LineBytes line, ReadOnlySpan<byte> key, string? name)
    {
        line.Add(key);
        if (name is null)
            line.Add("null"u8);
        else
            LogText.AddName(ref line, name, json: true);
    }

    /// <summary>Text of Weir's own, which holds neither quotes nor control characters.</summary>
    private static void AddText(ref LineBytes line, ReadOnlySpan<byte> key, string text)
    {
        line.Add(key);
        line.Add((byte)'"');
        line.Add(text);
        line.Add((byte)'"');
    }

    private static void AddNumber(ref LineBytes line, ReadOnlySpan<byte> key, long number)
    {
        line.Add(key);
        if (number < 0)
            line.Add("null"u8);
        else
            line.Add(number);
    }

    private static void AddMillis(ref LineBytes line, ReadOnlySpan<byte> key, long micros)
    {
        line.Add(key);
        if (micros < 0)
            line.Add("null"u8);
        else
            line.AddMillis(micros);
    }
}
