using System.Globalization;
using System.Text;
using System.Text.Json;
using Weir.Config;
using Weir.Core.Http;
using Weir.Core.Ledger;
using Weir.Ledger;

namespace Weir.Control;

/// <summary>
/// One redacted file for a post-mortem: settings with their sources, slots with holder and age, queue, the last
/// records.
/// No client address, no header value, no secret setting and no query value whose key looks secret is in it.
/// </summary>
internal static class DumpWriter
{
    private static readonly string[] PhaseNames = ["receive", "cache", "queue", "connect", "app", "send"];

    /// <summary>The dump as JSON.</summary>
    /// <param name="ledger">Null: there is none, and no record of it.</param>
    public static byte[] Write(HouseSnapshot house, IReadOnlyList<SettingSource> settings, ExchangeLedger? ledger)
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("taken", house.At);
            AddSettings(json, settings);
            json.WritePropertyName("house");
            JsonSerializer.Serialize(json, house, ControlJson.Default.HouseSnapshot);
            json.WriteStartArray("recent");
            ledger?.Recent.Read((in RecentRecord record, in RecentText text) => AddRecord(json, record, text));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    /// <summary>Writes <c>weir-dump-UTC.json</c>, readable by its owner only, and returns its path.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static string WriteFile(string directory, DateTimeOffset now, ReadOnlySpan<byte> dump)
    {
        var stamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        for (var again = 0; ; again++)
        {
            var name = $"weir-dump-{stamp}{(again == 0 ? "" : $"-{again}")}.json";
            var path = Path.GetFullPath(Path.Combine(directory, name));
            try
            {
                // Never through a link or into a file that somebody else put there.
                var mode = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows())
                    mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                using var file = new FileStream(path, mode);
                file.Write(dump);
                return path;
            }
            catch (IOException) when (File.Exists(path) && again < 100)
            {
                // Another dump of the same second.
            }
        }
    }

    private static void AddSettings(Utf8JsonWriter json, IReadOnlyList<SettingSource> settings)
    {
        json.WriteStartArray("settings");
        foreach (var setting in settings)
        {
            json.WriteStartObject();
            json.WriteString("name", setting.Name);
            // Masked where they were bound; once more here, since a dump leaves the house.
            json.WriteString("value", SecretNames.Match(setting.Name) ? "***" : setting.Value);
            json.WriteString("source", setting.Source);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void AddRecord(Utf8JsonWriter json, in RecentRecord record, in RecentText text)
    {
        Span<byte> path = stackalloc byte[RecentRing.PathBytesMax * 6];
        var line = new LineBytes(path);
        LogText.AddPath(ref line, text.Path, json: true);
        json.WriteStartObject();
        json.WriteNumber("id", record.Id);
        json.WriteString("arrived", DateTime.UnixEpoch.AddTicks(record.ArrivedUnixMicros * 10));
        json.WriteString("code", Outcomes.Of(record.Outcome).Code);
        json.WriteString("outcome", record.Outcome.ToString());
        json.WriteString("term", Outcomes.TermOf(record.Outcome, record.LastPhase));
        json.WriteString("rule", record.Rule == GateRule.None ? null : GateRules.Of(record.Rule).Name);
        json.WriteNumber("status", record.Status);
        json.WriteString("method", Encoding.Latin1.GetString(text.Method));
        json.WritePropertyName("path");
        json.WriteRawValue(path[..line.Length]);
        json.WriteString("host", Encoding.Latin1.GetString(text.Host));
        json.WriteString("requestId", Encoding.Latin1.GetString(text.RequestId));
        json.WriteString("app", record.App);
        json.WriteString("instance", record.Instance);
        json.WriteNumber("slot", record.Slot);
        json.WriteNumber("slotsLeased", record.SlotsLeased);
        json.WriteNumber("slotsTotal", record.SlotsTotal);
        json.WriteNumber("queuePosition", record.QueuePosition);
        json.WriteNumber("queueLength", record.QueueLength);
        json.WriteNumber("tries", record.Tries);
        json.WriteNumber("requestBytes", record.RequestBytes);
        json.WriteNumber("responseBytes", record.ResponseBytes);
        json.WriteStartObject("micros");
        for (var phase = 0; phase < PhaseNames.Length; phase++)
            json.WriteNumber(PhaseNames[phase], record.Times[phase]);
        json.WriteNumber("total", record.Times.Total);
        json.WriteNumber("firstByte", record.FirstByteMicros);
        json.WriteNumber("worker", record.WorkerMicros);
        json.WriteNumber("edge", record.EdgeMicros);
        json.WriteEndObject();
        AddMarks(json, record);
        json.WriteEndObject();
    }

    private static void AddMarks(Utf8JsonWriter json, in RecentRecord record)
    {
        json.WriteString("protocol", Encoding.ASCII.GetString(LogLine.ProtocolOf(record.Protocol)));
        json.WriteBoolean("tls", record.Tls != TlsVersion.None);
        json.WriteBoolean("spilled", record.Spilled);
        json.WriteBoolean("streamed", record.Streamed);
        json.WriteBoolean("heldByClient", record.HeldByClient);
        json.WriteBoolean("bypassed", record.Bypassed);
    }
}
