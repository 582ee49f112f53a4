using System.Net.Sockets;
using Weir.Config;
using Weir.Control;
using Weir.Ledger;

namespace Weir.Verbs;

/// <summary>
/// Reads anew what Weir was told and puts it in force; or, where there is any fault, tells all of them and leaves
/// everything as it was.
/// </summary>
/// <param name="read">File, environment and flags, as at the start.</param>
internal sealed class Reloading(House house, Func<(WeirOptions? Options, IReadOnlyList<SettingFault> Faults)> read)
{
    private readonly Lock _lock = new();

    /// <summary>What else must hold of options for this verb: a sentence where it does not.</summary>
    public Func<WeirOptions, string?> Check { get; init; } = _ => null;

    /// <summary>Called when others are in force: those of before, and those of now.</summary>
    public Action<WeirOptions, WeirOptions>? WhenDone { get; set; }

    /// <summary>Called before and after, whatever becomes of it: true while a reload is under way.</summary>
    public Action<bool>? WhileReloading { get; set; }

    /// <summary>One at a time. Waits for the disk and the name service: not for I/O threads. Never throws.</summary>
    public ActReply Reload()
    {
        lock (_lock)
        {
            WhileReloading?.Invoke(true);
            try
            {
                return Change();
            }
            catch (Exception exception) when (exception is FormatException or SocketException or IOException)
            {
                return Refuse(exception.Message);
            }
            finally
            {
                WhileReloading?.Invoke(false);
            }
        }
    }

    private ActReply Change()
    {
        var (options, faults) = read();
        if (options is null)
            return Refuse(string.Join("; ", faults.Where(fault => !fault.IsWarning)));
        if (Check(options) is { } problem)
            return Refuse(problem);
        var old = house.Rooms.Options;
        var needs = house.Reload(options);
        WhenDone?.Invoke(old, house.Rooms.Options);
        house.Say(HouseMessages.Reloaded, ("needs_restart", string.Join(',', needs)));
        var warnings = faults.Select(fault => $"warning: {fault}");
        var notes = needs.Count == 0 ? warnings : warnings.Prepend($"needs a restart: {string.Join(", ", needs)}");
        var note = string.Join("; ", notes);
        return new ActReply(true, Note: note.Length == 0 ? null : note);
    }

    private ActReply Refuse(string problem)
    {
        house.Say(HouseMessages.ReloadFailed, ("problem", problem));
        return new ActReply(false, $"nothing was changed: {problem}");
    }
}
