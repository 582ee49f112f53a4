using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Weir.Core.Processes;

namespace Weir.Processes;

// What a `weir run` leaves in the runtime directory for the next one in the same folder: two files named after a hash
// of the folder and the front door's addresses, both 0600 in a directory that is ours alone.
//
//  run-HASH.lock   held (flock) as long as that Weir lives, however it ends: one Weir a door.
//  run-HASH.json   its instances, written anew at each change beside the old file and moved over it, so that whoever
//                  reads finds the one or the other. Gone when Weir ended in good order.

/// <summary>The record of this folder's run: what the last Weir here left, and what this one has.</summary>
internal sealed class RunState : IDisposable
{
    /// <summary>A Weir that was just killed gives the lock back when the kernel has taken it down.</summary>
    private static readonly TimeSpan LockMax = TimeSpan.FromSeconds(1);

    /// <summary>What was left is asked to end, and then killed: all of it within a second of the start.</summary>
    private static readonly TimeSpan LeftoverGrace = TimeSpan.FromMilliseconds(500);

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Lock _gate = new();
    private readonly FileStream? _lock;
    private readonly string _file;
    private readonly string _folder;
    private readonly bool _adopts;
    private int _left;

    private RunState(string folder, string file, bool adopts, FileStream? held, string problem)
    {
        (_folder, _file, _adopts, _lock, Problem) = (folder, file, adopts, held, problem);
        Last = held is null ? new RunRecord() : Read(file) ?? new RunRecord();
    }

    /// <summary>What the last Weir here left; without instances where it left nothing.</summary>
    public RunRecord Last { get; }

    /// <summary>For people: why nothing can be written down here; empty where it can.</summary>
    public string Problem { get; }

    /// <summary>Takes the folder. Waits up to a second for a Weir that is just dying.</summary>
    /// <param name="folder">Of the app, absolute.</param>
    /// <param name="adopts">run.adopt: what is started here outlives this Weir.</param>
    /// <param name="door">What tells this Weir from another that may run in the folder: its addresses.</param>
    /// <param name="directory">For tests; null = the runtime directory.</param>
    /// <exception cref="StartException">Another Weir runs here.</exception>
    public static async Task<RunState> OpenAsync(
        string folder, bool adopts, string door = "", string? directory = null)
    {
        directory ??= RuntimeDirectory.Path();
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{folder}\n{door}")))[..16];
        var file = Path.Combine(directory, $"run-{name}.json");
        FileStream? held = null;
        try
        {
            RuntimeDirectory.Make(directory);
            var since = Stopwatch.GetTimestamp();
            while ((held = TryLock(Path.Combine(directory, $"run-{name}.lock"))) is null)
            {
                if (Stopwatch.GetElapsedTime(since) > LockMax)
                    throw Taken(folder, Read(file));
                await Task.Delay(20).ConfigureAwait(false);
            }

            return new RunState(folder, file, adopts, held, "");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // An app that cannot be written down can be served all the same.
            held?.Dispose();
            return new RunState(folder, file, adopts, null, fault.Message);
        }
    }

    /// <summary>Decides for each instance that was left; see <see cref="Adoption"/>.</summary>
    /// <param name="wanted">What would be started; <see cref="HashOf"/> makes its Line.</param>
    public IReadOnlyList<(InstanceRecord Instance, Fate Fate)> Decide(IReadOnlyList<WantedInstance> wanted) =>
        [.. Last.Instances.Select(instance => (instance, Adoption.Decide(
            Last, instance, LiveProcess.Boot, _adopts, wanted, LiveProcess.StartTicks)))];

    /// <summary>
    /// Ends what is left of everything in the last record but those that are adopted: TERM, half a second, KILL. Where
    /// a leader is gone, what remains of its session is ended. Returns within a second, whatever is left.
    /// </summary>
    /// <returns>How many instances were ended.</returns>
    public async Task<int> EndLeftoversAsync(IReadOnlyCollection<InstanceRecord> adopted)
    {
        if (Last.Format != RunRecord.FormatNow || Last.Boot != LiveProcess.Boot)
            return 0;
        var left = Last.Instances.Where(one => !adopted.Contains(one) && one.Id > 1 && one.StartTicks >= 0).ToList();
        var ended = await Task.WhenAll(left.Select(EndAsync)).ConfigureAwait(false);
        return ended.Count(wasThere => wasThere);
    }

    /// <summary>Writes down what runs now. Never throws: a full disk must not end an app.</summary>
    public void Write(IReadOnlyList<InstanceRecord> instances)
    {
        if (_lock is null)
            return;
        var record = new RunRecord
        {
            Boot = LiveProcess.Boot,
            Folder = _folder,
            WeirId = Environment.ProcessId,
            Adopts = _adopts,
            Instances = instances,
        };
        lock (_gate)
        {
            _left = instances.Count;
            try
            {
                var early = $"{_file}.{Environment.ProcessId}";
                using (var stream = OpenPrivate(early, FileShare.ReadWrite))
                {
                    stream.SetLength(0);
                    JsonSerializer.Serialize(stream, record, RunStateJson.Default.RunRecord);
                }

                File.Move(early, _file, overwrite: true);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // The next change tries again.
            }
        }
    }

    /// <summary>Gives the folder back; the record goes where nothing runs any more.</summary>
    public void Dispose()
    {
        if (_lock is null)
            return;
        if (_left == 0)
            File.Delete(_file);
        _lock.Dispose();
    }

    /// <summary>
    /// What tells one command from another without telling it: of its words and of what its environment changes.
    /// </summary>
    public static string HashOf(params IEnumerable<string> words) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', words))))[..32];

    private static async Task<bool> EndAsync(InstanceRecord instance)
    {
        if (AdoptedChild.Take(instance.Identity, instance.Name) is { } leader)
        {
            using (leader)
                await leader.StopAsync(LeftoverGrace).ConfigureAwait(false);
            return true;
        }

        if (!LiveProcess.HasSession(instance.Identity))
            return false;
        _ = PosixCalls.Kill(-instance.Id, PosixCalls.SigTerminate);
        var since = Stopwatch.GetTimestamp();
        while (LiveProcess.HasSession(instance.Identity) && Stopwatch.GetElapsedTime(since) < LeftoverGrace)
            await Task.Delay(20).ConfigureAwait(false);
        if (LiveProcess.HasSession(instance.Identity))
            _ = PosixCalls.Kill(-instance.Id, PosixCalls.SigKill);
        return true;
    }

    private static StartException Taken(string folder, RunRecord? record)
    {
        var who = record is { WeirId: > 0 } ? $" (process {record.WeirId})" : "";
        return new StartException(
            $"a Weir{who} runs in {folder} already; stop it first, or act on it with weir restart", 1);
    }

    private static RunRecord? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), RunStateJson.Default.RunRecord);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Null while another process has it.</summary>
    private static FileStream? TryLock(string path)
    {
        try
        {
            // .NET makes "no sharing" a lock (flock), which is gone with the process that held it.
            return OpenPrivate(path, FileShare.None);
        }
        catch (IOException fault) when (fault.HResult == PosixCalls.WouldBlock)
        {
            return null;
        }
    }

    private static FileStream OpenPrivate(string path, FileShare share) => new(path, new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        Share = share,
        UnixCreateMode = OwnerOnly,
    });
}
