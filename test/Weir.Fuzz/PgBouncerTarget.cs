using System.Text;
using Weir.Core.Pooling.Addresses;
using Weir.Core.Pooling.Secrets;

namespace Weir.Fuzz;

/// <summary>
/// What was read of PgBouncer's files, written again in quotes, reads the same; each fault names its line.
/// </summary>
internal static class PgBouncerTarget
{
    public static void FuzzIni(ReadOnlySpan<byte> data)
    {
        var text = Encoding.UTF8.GetString(data);
        var faults = new List<string>();
        var ini = PgBouncerIni.Read(text, name => name == "x" ? "[users]\na = b\n[peers]" : null, faults);
        Check(faults, text);
        var written = new StringBuilder();
        Write(written, "databases", ini.Databases);
        Write(written, "users", ini.Users);
        Write(written, "peers", ini.Peers);
        written.Append("[pgbouncer]\n");
        foreach (var (key, value) in ini.Settings)
            written.Append($"{Quote(key, '"')} = {value}\n");
        var again = PgBouncerIni.Read(written.ToString(), _ => null, []);
        var isSame = Same(ini.Databases, again.Databases) && Same(ini.Users, again.Users)
            && Same(ini.Peers, again.Peers) && ini.Settings.SequenceEqual(again.Settings);
        if (!isSame)
            throw new InvariantException("Written again, it is read otherwise.");
    }

    public static void FuzzUserList(ReadOnlySpan<byte> data)
    {
        var text = Encoding.UTF8.GetString(data);
        var faults = new List<string>();
        var list = UserList.Read(text, faults);
        Check(faults, text);
        var written = string.Concat(list.Users.Select(user =>
            $"{Quote(user, '"')} {Quote(list.TryGet(user, out var secret) ? secret : "", '"')}\n"));
        faults.Clear();
        var again = UserList.Read(written, faults);
        if (faults.Count > 0 || !again.Users.SequenceEqual(list.Users))
            throw new InvariantException("Written again, it is read otherwise.");
        foreach (var user in list.Users)
        {
            list.TryGet(user, out var first);
            if (!again.TryGet(user, out var second) || first != second)
                throw new InvariantException("Written again, a secret is another.");
        }
    }

    private static void Check(List<string> faults, string text)
    {
        if (faults.Count > text.Count(letter => letter == '\n') + 1 + text.Split("%include").Length * 3)
            throw new InvariantException("More faults than lines.");
        if (faults.Exists(fault => !fault.Contains("line ", StringComparison.Ordinal)))
            throw new InvariantException("A fault names no line.");
    }

    private static void Write(
        StringBuilder into, string section, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> entries)
    {
        into.Append($"[{section}]\n");
        foreach (var (name, words) in entries)
        {
            into.Append($"{Quote(name, '"')} =");
            foreach (var (key, value) in words)
                into.Append($" {key}={Quote(value, '\'')}");
            into.Append('\n');
        }
    }

    private static bool Same(
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> first,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> second) =>
        first.Keys.SequenceEqual(second.Keys) && first.All(pair => pair.Value.SequenceEqual(second[pair.Key]));

    private static string Quote(string text, char quote) =>
        quote + text.Replace(quote.ToString(), new string(quote, 2)) + quote;
}
