using System.Globalization;
using Weir.Core.Processes;

namespace Weir.Processes;

/// <summary>An instance that never got ready: a sentence with the next step, and the exit code that says it.</summary>
/// <param name="Sentence">One line, without the program's name before it.</param>
internal sealed record BootFailure(string Sentence, int ExitCode)
{
    /// <summary>It went to the background: what it left behind would serve on, unseen.</summary>
    public bool IsEscape { get; init; }

    /// <param name="folder">Where it was started.</param>
    /// <param name="escaped">Processes that it left behind outside its group.</param>
    /// <param name="escapedPorts">Ports that those listen on.</param>
    public static BootFailure Of(
        InstanceProcess instance, string folder, IReadOnlyList<int> escaped, IReadOnlyList<int> escapedPorts)
    {
        var program = instance.Type.Program is { } named ? Path.GetFileName(named) : instance.Child.Name;
        var what = $"{instance.Name} ({program})";
        var place = instance.Launch.Place;
        var code = instance.Life.Code;
        if (instance.Life.Why == EndReason.BootTimeout)
            return new BootFailure(Late(instance, what, place), 1);
        if (escaped.Count > 0)
        {
            var where = escapedPorts.Count > 0 ? $" and listens on port {string.Join(", ", escapedPorts)}" : "";
            var escape = $"{what} forks away: process {escaped[0]} runs on without it{where}; start it in the "
                + "foreground (Gunicorn, Unicorn, Puma: without --daemon or -D; a shell: exec it, without &)";
            return new BootFailure(escape, 1)
            {
                IsEscape = true,
            };
        }

        if (code == 0)
        {
            return new BootFailure($"{what} ended with code 0 before it listened on {place}: it is no server, or "
                + $"went to the background; start it in the foreground{Said(instance)}", 1);
        }

        var how = code > 128 ? $"was killed by signal {code - 128}" : $"ended with code {code}";
        return new BootFailure(
            $"{what} {how} before it listened on {place}, in {folder}; see what it said{Said(instance)}", code);
    }

    /// <summary>What was asked of it, in a form for a line: "; its last words: …".</summary>
    public static string Said(InstanceProcess instance) =>
        LastWords.Of(instance.Output?.LastLines ?? []) is { Length: > 0 } words ? $"; its last words: {words}" : "";

    private static string Late(InstanceProcess instance, string what, string place)
    {
        var seconds = (instance.Life.BootMax / 1e6).ToString("0.###", CultureInfo.InvariantCulture);
        if (instance.IsBound)
        {
            return $"{what} listens on {place} and took no connection within {seconds} s: its workers do not come up; "
                + $"a slow start needs --app-boot-timeout{Said(instance)}";
        }

        if (instance.Ports.Count > 0)
        {
            return $"{what} listens on port {string.Join(", ", instance.Ports)} and did not listen on {place} "
                + $"within {seconds} s; make it bind $PORT (for example -b 127.0.0.1:$PORT, or -p $PORT)";
        }

        return $"{what} did not get ready on {place} within {seconds} s; does it read $PORT? "
            + $"A slow start needs --app-boot-timeout{Said(instance)}";
    }
}
