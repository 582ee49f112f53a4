using System.Globalization;
using Weir.Core.Processes.Configs;

namespace Weir.Core.Processes.Servers;

/// <summary>
/// uWSGI: options hold in their order, files at the place of the option that names them; files named without an option
/// come last, UWSGI_… variables first (measured with 2.0.21). The most processes count, whatever "cheaper" keeps idle.
/// </summary>
internal sealed class Uwsgi
{
    private static readonly string[] s_async = ["gevent", "async", "asyncio", "ugreen", "greenlet", "tornado"];
    private readonly ServerCall _call;
    private Count _processes = Count.Default(1);
    private Count _threads = Count.Default(1);
    private string _kind = "";
    private int _files;

    private Uwsgi(ServerCall call) => _call = call;

    public static SlotFinding Find(ServerCall call)
    {
        var uwsgi = new Uwsgi(call);
        uwsgi.ReadEnvironment();
        uwsgi.ReadLine();
        return uwsgi._kind.Length > 0
            ? SlotSum.Async("uwsgi", $"uwsgi's mode {uwsgi._kind} is async", uwsgi._processes.Value)
            : SlotSum.Of("uwsgi", uwsgi._processes, uwsgi._threads);
    }

    private void ReadEnvironment()
    {
        foreach (var name in _call.Environment.Keys.Where(name => name.StartsWith("UWSGI_", StringComparison.Ordinal)))
        {
            var option = name["UWSGI_".Length..].ToLowerInvariant().Replace('_', '-');
            var count = Count.InEnvironment(_call.Environment, name) ?? Count.Default(1);
            Take(option, _call.Environment[name], count);
        }
    }

    private void ReadLine()
    {
        var words = _call.Arguments;
        var last = new List<string>();
        for (var at = 0; at < words.Count; at++)
        {
            if (words[at].Length < 2 || !words[at].StartsWith('-'))
            {
                last.Add(words[at]);
                continue;
            }

            var word = words[at];
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var isShort = word.Length > 1 && word[1] != '-';
            var option = isShort ? word[1..Math.Min(2, word.Length)] : word[2..(equals > 0 ? equals : word.Length)];
            var behind = equals > 0 ? word[(equals + 1)..] : "";
            var after = isShort ? word[Math.Min(2, word.Length)..].TrimStart('=') : behind;
            var inside = after.Length > 0 ? after : null;
            var value = inside ?? (at + 1 < words.Count ? words[at + 1] : "");
            var flag = new Flag(value, inside is null ? $"{word} {value}" : word);
            if (Take(option, value, Count.OnLine(flag) ?? Count.Default(1)) && inside is null)
                at++;
        }

        foreach (var file in last)
            ReadFile(file);
    }

    /// <returns>Whether the option is one that has a value and counts.</returns>
    private bool Take(string option, string value, Count count)
    {
        switch (option)
        {
            case "p" or "processes" or "workers":
                _processes = count;
                return true;
            case "threads":
                _threads = count;
                return true;
            case "ini" or "yaml" or "yml" or "y":
                ReadFile(value);
                return true;
            case "json" or "j" or "xml" or "x" or "config":
                (_processes, _threads) = (Count.Unread(value), Count.Unread(value));
                return true;
        }

        if (!s_async.Contains(option) || value is "0" or "1" or "false")
            return false;
        _kind = option;
        return true;
    }

    private void ReadFile(string file)
    {
        var path = file.Split(':')[0];
        var isYaml = path.EndsWith(".yml", StringComparison.Ordinal)
            || path.EndsWith(".yaml", StringComparison.Ordinal);
        if (!isYaml && !path.EndsWith(".ini", StringComparison.Ordinal))
            return;
        if (++_files > 8 || _call.Read(path) is not { } text)
        {
            (_processes, _threads) = (Count.Unread(path), Count.Unread(path));
            return;
        }

        var own = new Dictionary<string, string>();
        foreach (var (section, name, value, line) in IniConfig.Read(text, isYaml ? ':' : '='))
        {
            if (section != "uwsgi")
                continue;
            var filled = Fill(value, own);
            own[name] = filled;
            var setting = new ConfigSetting([ConfigValue.OfText(filled)], line);
            Take(name, filled, Count.InFile(path, setting, setting.Values[0]));
        }
    }

    /// <summary>$(NAME) is the environment's, %(name) the file's own, %k the number of processors.</summary>
    private string Fill(string value, Dictionary<string, string> own)
    {
        if (!value.Contains('$', StringComparison.Ordinal) && !value.Contains('%', StringComparison.Ordinal))
            return value;
        var filled = value == "%k" ? _call.Processors.Online.ToString(CultureInfo.InvariantCulture) : value;
        foreach (var (name, text) in own)
            filled = filled.Replace($"%({name})", text, StringComparison.Ordinal);
        var from = filled.IndexOf("$(", StringComparison.Ordinal);
        var to = from < 0 ? -1 : filled.IndexOf(')', from);
        return to < 0 ? filled : filled[..from] + _call.Variable(filled[(from + 2)..to]) + filled[(to + 1)..];
    }
}
