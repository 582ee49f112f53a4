using Weir.Config;
using Weir.Core.Processes;

namespace Weir.Processes;

/// <summary>From the app's folder, its Procfile and .env, or a command, to what is to run.</summary>
internal sealed class PlanReader
{
    private const string Web = "web";
    private const string Release = "release";

    private readonly RunOptions _options;
    private readonly IReadOnlyDictionary<string, string> _own;
    private readonly AppFiles _files;
    private readonly DynoName? _dyno;
    private string _fault = "";

    private PlanReader(RunOptions options, IReadOnlyDictionary<string, string> own, AppFiles files)
    {
        (_options, _own, _files) = (options, own, files);
        _dyno = DynoName.Read(own.GetValueOrDefault("DYNO"));
    }

    /// <param name="folder">Where Weir was started (<see cref="AppFolder.Started"/>).</param>
    /// <param name="command">The words behind "--"; empty: the Procfile says what to start.</param>
    /// <param name="own">Weir's own environment.</param>
    /// <param name="fault">One sentence that says what is wrong and what to do; empty where nothing is.</param>
    /// <returns>Null where there is a fault.</returns>
    public static RunPlan? Read(
        RunOptions options, string folder, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> own,
        out string fault)
    {
        if (AppFiles.Read(options, folder, command.Count == 0, out fault) is not { } files)
            return null;
        var reader = new PlanReader(options, own, files);
        var types = command.Count > 0 ? reader.OfCommand(command) : reader.OfProcfile();
        types = types is null ? null : reader.WithCounts(types, command.Count > 0);
        fault = reader._fault;
        return types is null ? null : reader.Plan(types);
    }

    /// <summary>
    /// As <see cref="Read"/>, for <c>weir release</c>: the plan has the release line as its only type.
    /// </summary>
    public static RunPlan? ReadRelease(
        RunOptions options, string folder, IReadOnlyDictionary<string, string> own, out string fault)
    {
        if (AppFiles.Read(options, folder, withProcfile: true, out fault) is not { } files)
            return null;
        var reader = new PlanReader(options, own, files);
        if (files.Entries.FirstOrDefault(entry => entry.Name == Release) is not { } entry)
        {
            fault = $"{files.ProcfileName} has no release line; write one like 'release: bin/rails db:migrate'";
            return null;
        }

        var type = reader.OfEntry(entry, 0);
        fault = reader._fault;
        return type is null ? null : reader.Plan([type]);
    }

    /// <summary>
    /// Settings that stand in the Procfile's own line for Weir ("web: weir run --slots 4 -- CMD"); what is wrong with
    /// them is told by <see cref="Read"/>.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Flags(AppFiles files)
    {
        var line = files.Entries.FirstOrDefault(entry => entry.Name == Web)?.Command ?? "";
        return LineFlags.Read(SelfLine.Read(line).Flags, out _) ?? [];
    }

    private RunPlan Plan(IReadOnlyList<ProcessType> types) => new()
    {
        Folder = _files.Folder,
        Types = types,
        Environment = ChildEnvironment.Shared(_own, _files.Env?.Variables),
        Release = _files.Entries.FirstOrDefault(entry => entry.Name == Release)?.Command,
    };

    private List<ProcessType>? OfCommand(IReadOnlyList<string> command)
    {
        var isWeir = SelfLine.Read(ShellLine.Join(command)).Kind != SelfLineKind.Other;
        if (isWeir)
        {
            _fault = "the command behind -- is weir itself; "
                + "give the server's own command: weir run -- gunicorn app:app";
            return null;
        }

        // A worker's machine on a platform starts "weir run -- CMD" too, and no request is for it.
        var name = _dyno is null || _dyno.IsOneOff ? Web : _dyno.Type;
        // "weir run -- 'gunicorn app:app'": nobody means a program with a space in its name.
        if (command.Count == 1 && command[0].Contains(' ', StringComparison.Ordinal) && !File.Exists(command[0]))
            return [OfLine(name, command[0], 0)];
        return
        [
            new ProcessType(name, ShellLine.Join(command), command, 0)
            {
                Program = command[0],
                UsesSocket = command.Any(word => PortWords.Says(word, PortWords.Socket)),
            },
        ];
    }

    private List<ProcessType>? OfProcfile()
    {
        var types = new List<ProcessType>();
        foreach (var (entry, place) in _files.Entries.Select((entry, place) => (entry, place)))
        {
            var isOurs = _dyno is null ? entry.Name != Release : entry.Name == _dyno.Type && !_dyno.IsOneOff;
            if (!isOurs)
                continue;
            if (OfEntry(entry, place) is not { } type)
                return null;
            types.Add(type);
        }

        if (types.Count > 0)
            return types;
        var has = string.Join(", ", Names());
        _fault = _dyno switch
        {
            null => $"{_files.ProcfileName} has only a release line, which weir release runs; add a line for web",
            { IsOneOff: true, Type: Release } => $"DYNO={_dyno.Text} is for a release; say: weir release",
            { IsOneOff: true } => $"DYNO={_dyno.Text} is for one command; say: weir run -- COMMAND",
            _ => $"DYNO={_dyno.Text}, but {_files.ProcfileName} has no {_dyno.Type}; it has {has}",
        };
        return null;
    }

    private ProcessType? OfEntry(ProcfileEntry entry, int place)
    {
        var self = SelfLine.Read(entry.Command);
        var problem = self.Kind switch
        {
            SelfLineKind.Bare => "starts Weir without a command, so that Weir would start itself; "
                + $"write '{entry.Name}: weir run -- COMMAND', or the server's own command",
            SelfLineKind.OtherVerb => "starts Weir, which weir run stands before already; "
                + $"write '{entry.Name}: weir run -- COMMAND', or the server's own command",
            SelfLineKind.ManyCommands => "has more than one command behind weir run --; "
                + "put them into a script, and name it there",
            SelfLineKind.Wrapped when LineFlags.Read(self.Flags, out var wrong) is null => wrong,
            SelfLineKind.Wrapped when self.Flags.Count > 0 && entry.Name != Web =>
                $"has flags behind weir run, which hold for web alone; put them into weir.yaml: processes.{entry.Name}",
            _ => "",
        };
        if (problem.Length > 0)
        {
            _fault = $"{_files.ProcfileName}:{entry.Line}: {entry.Name} {problem}";
            return null;
        }

        return OfLine(entry.Name, self.Line, place);
    }

    private static ProcessType OfLine(string name, string line, int place)
    {
        var shell = ShellLine.Of(line);
        return new ProcessType(name, line, ["/bin/sh", "-c", shell.Script], place)
        {
            Program = shell.Program,
            KeepsShell = !shell.IsSimple,
            UsesSocket = PortWords.Says(line, PortWords.Socket),
        };
    }

    private List<ProcessType>? WithCounts(List<ProcessType> types, bool isCommand)
    {
        // On a platform the same configuration goes to every machine, and each runs one type of it.
        var known = isCommand && _dyno is not null ? null
            : isCommand ? [types[0].Name]
            : (IReadOnlyList<string>)Names();
        var usual = _options.Formation.GetValueOrDefault(FormationReader.Rest, 1);
        return known is not null && !AreKnown(known) ? null
            : [.. types.Select(type => type with { Count = _options.Formation.GetValueOrDefault(type.Name, usual) })];
    }

    private bool AreKnown(IReadOnlyList<string> known)
    {
        foreach (var name in _options.Formation.Keys.Except(known).Where(name => name != FormationReader.Rest))
            _fault = Unknown("run.formation", name, known);
        // With a command, what the file says of the Procfile's other types is of no interest.
        foreach (var name in _options.Types.Keys.Except(known).Where(_ => _files.Entries.Count > 0))
            _fault = Unknown("processes", name, known);
        return _fault.Length == 0;
    }

    private static string Unknown(string key, string name, IReadOnlyList<string> known) => name == Release
        ? $"{key}: release never runs by itself; take it out, and say weir release"
        : $"{key}: there is no process type {name}, there is {string.Join(", ", known)}{NearestName.Hint(name, known)}";

    private List<string> Names() =>
        [.. _files.Entries.Select(entry => entry.Name).Where(name => name != Release)];
}
