using Weir.Core.Processes.Configs;

namespace Weir.Core.Processes.Servers;

/// <summary>Unicorn: worker_processes of the file that -c names, else one. Its -w is Ruby's, for warnings.</summary>
internal static class Unicorn
{
    public static SlotFinding Find(ServerCall call)
    {
        var thread = Count.Default(1);
        if (Flag.Last(call.Arguments, "-c", "--config-file")?.Value is not { } file)
            return SlotSum.Of("unicorn", Count.Default(1), thread);
        if (call.Read(file) is not { } text)
            return SlotSum.Of("unicorn", Count.Unread(file), thread);
        var environment = Flag.Last(call.Arguments, "-E", "--env")?.Value;
        var names = environment is null
            ? call.Names(ConfigLanguage.Ruby)
            : call.Names(ConfigLanguage.Ruby, ("RACK_ENV", environment));
        const string name = "worker_processes";
        var workers = RubyConfig.Read(text, names, [name]).TryGetValue(name, out var setting)
            ? Count.InFile(file, setting, setting.Values[0])
            : Count.Default(1);
        return SlotSum.Of("unicorn", workers, thread);
    }
}
