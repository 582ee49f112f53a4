using Weir.Core.Processes.Configs;
using Weir.Core.Processes.Lines;

namespace Weir.Core.Processes.Servers;

/// <summary>
/// Gunicorn: command line, then GUNICORN_CMD_ARGS, then the configuration file, then WEB_CONCURRENCY as the default of
/// workers (gunicorn 20.1 app/base.py load_config, config.py). Only the classes sync and gthread have workers to count.
/// </summary>
internal static class Gunicorn
{
    private static readonly string[] s_settings = ["workers", "threads", "worker_class"];

    private static readonly string[] s_async =
        ["gevent", "eventlet", "tornado", "uvicorn", "aiohttp", "asyncio", "meinheld", "hypercorn", "asgi"];

    public static SlotFinding Find(ServerCall call)
    {
        var fromEnvironment = Words(call.Variable("GUNICORN_CMD_ARGS"));
        var line = call.Arguments;
        var config = Flag.Last(line, "-c", "--config") ?? Flag.Last(fromEnvironment, "-c", "--config");
        var file = ConfigOf(config?.Value);
        var found = ReadFile(call, file, out var isLost);
        var shown = found.Count > 0 || isLost ? file : "";
        var workers = Count.OnLine(Flag.Last(line, "-w", "--workers"))
            ?? InArguments(Flag.Last(fromEnvironment, "-w", "--workers"))
            ?? InFile("workers")
            ?? Count.InEnvironment(call.Environment, "WEB_CONCURRENCY")
            ?? Count.Default(1);
        var threads = Count.OnLine(Flag.Last(line, "", "--threads"))
            ?? InArguments(Flag.Last(fromEnvironment, "", "--threads"))
            ?? InFile("threads")
            ?? Count.Default(1);
        var kind = Flag.Last(line, "-k", "--worker-class")?.Value
            ?? Flag.Last(fromEnvironment, "-k", "--worker-class")?.Value
            ?? KindIn(found);
        if (kind is null)
            return SlotSum.Of("gunicorn", workers, Count.Unread($"{shown}, whose worker class"));
        if (Array.Find(s_async, one => kind.Contains(one, StringComparison.OrdinalIgnoreCase)) is not null)
            return SlotSum.Async("gunicorn", $"gunicorn's worker class {kind} is async", workers.Value);
        var isOwn = kind.Length > 0 && !kind.Contains("sync", StringComparison.Ordinal)
            && !kind.Contains("gthread", StringComparison.Ordinal);
        return SlotSum.Of("gunicorn", workers, isOwn ? Count.Unread($"the worker class {kind}") : threads);

        Count? InFile(string setting) => found.TryGetValue(setting, out var one)
            ? Count.InFile(file, one, one.Values[0])
            : isLost ? Count.Unread(file) : null;
    }

    /// <summary>Empty where the file does not say; null where it says what cannot be told.</summary>
    private static string? KindIn(Dictionary<string, ConfigSetting> found)
    {
        if (!found.TryGetValue("worker_class", out var setting))
            return "";
        return setting.Values[0].Kind == ConfigKind.Text ? setting.Values[0].Text : null;
    }

    private static Count? InArguments(Flag? flag)
    {
        if (Count.OnLine(flag) is not { } count)
            return null;
        return count with
        {
            Source = count.Source == CountSource.Unread ? CountSource.Unread : CountSource.Place,
            Told = $"{flag!.Value.Told} in GUNICORN_CMD_ARGS",
        };
    }

    private static string ConfigOf(string? told)
    {
        const string module = "python:";
        const string path = "file:";
        if (string.IsNullOrEmpty(told))
            return "gunicorn.conf.py";
        if (told.StartsWith(module, StringComparison.Ordinal))
            return told[module.Length..].Replace('.', '/') + ".py";
        return told.StartsWith(path, StringComparison.Ordinal) ? told[path.Length..] : told;
    }

    private static Dictionary<string, ConfigSetting> ReadFile(ServerCall call, string file, out bool isLost)
    {
        var text = call.Read(file);
        isLost = text is null && file != "gunicorn.conf.py";
        return text is null ? [] : PythonConfig.Read(text, call.Names(ConfigLanguage.Python), s_settings);
    }

    private static List<string> Words(string arguments)
    {
        var none = new ShellExpansion(new Dictionary<string, string>(), [], new ProcessorCounts(1, 1, 1));
        return [.. ShellPiece.Cut(arguments)
            .Where(word => !word.IsOperator)
            .SelectMany(word => none.Fields(word.Text))];
    }
}
