using System.Globalization;
using System.Text;
using Weir.Core.Ledger;

namespace Weir.Ledger;

/// <summary>
/// Weir's own lines, between those of the exchanges and in their format: "weir: instance up id=400 instance=web.1".
/// With no log they go to standard error, since they are what a person acts on.
/// </summary>
internal sealed class HouseLog(LogFormat format, LogWriter? log, TextWriter error)
{
    private const int LineBytesMax = 4 * 1024;

    /// <summary>
    /// Says that something changed; each field a name of Weir's own and any value. Never waits for a log's reader.
    /// </summary>
    public void Say(HouseMessage message, params ReadOnlySpan<(string Name, object? Value)> fields)
    {
        var bytes = new byte[LineBytesMax];
        var line = new LineBytes(bytes);
        if (format == LogFormat.Json)
            AddJson(ref line, message, fields);
        else
            AddLogfmt(ref line, message, fields);
        line.EndLine();
        if (log is not null)
            log.Append(bytes.AsSpan(0, line.Length));
        else
            error.Write(Encoding.UTF8.GetString(bytes, 0, line.Length));
    }

    private static void AddLogfmt(
        ref LineBytes line, HouseMessage message, scoped ReadOnlySpan<(string, object?)> fields)
    {
        line.Add("weir: "u8);
        if (message.Level != OutcomeLevel.Info)
            line.Add(message.Level == OutcomeLevel.Warning ? "warning: "u8 : "error: "u8);
        line.Add(message.Text);
        line.Add(" id="u8);
        line.Add(message.Id);
        foreach (var (name, value) in fields)
        {
            line.Add((byte)' ');
            line.Add(name);
            line.Add((byte)'=');
            LogText.AddName(ref line, Convert.ToString(value, CultureInfo.InvariantCulture), json: false);
        }
    }

    private static void AddJson(ref LineBytes line, HouseMessage message, scoped ReadOnlySpan<(string, object?)> fields)
    {
        line.Add("{\"weir\":\""u8);
        line.Add(message.Text);
        line.Add("\",\"at\":\""u8);
        line.Add(message.Level switch
        {
            OutcomeLevel.Info => "info"u8,
            OutcomeLevel.Warning => "warning"u8,
            _ => "error"u8,
        });
        line.Add("\",\"id\":"u8);
        line.Add(message.Id);
        foreach (var (name, value) in fields)
        {
            line.Add(",\""u8);
            line.Add(name);
            line.Add("\":"u8);
            LogText.AddName(ref line, Convert.ToString(value, CultureInfo.InvariantCulture), json: true);
        }
        line.Add((byte)'}');
    }
}
