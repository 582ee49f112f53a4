using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Weir.EndToEnd.Support;

/// <summary>
/// A server started for a test, the leader of its own process group. Invariant: the group does not outlive this
/// program, however it ends. A watcher in the group reads a pipe that this program holds, and kills the group when
/// the pipe closes; Dispose does the same at once. (PR_SET_PDEATHSIG would fire when the *thread* that started the
/// process ends, and pool threads do end.)
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    // The first words run as the group's leader: setsid execs in place, and the shell execs the server in place,
    // so that Process.Id is the server's own id and its group's.
    private const string Script =
        "exec 3<&0; (read -r _ <&3; kill -KILL -$$) >/dev/null 2>&1 & exec \"$@\" </dev/null 3<&-";

    private const int OutputLinesMax = 2000;
    private readonly Process _process;
    private readonly Queue<string> _output = new();

    /// <summary>Standard output and standard error.</summary>
    private readonly CountdownEvent _outputEnded = new(2);
    private readonly string? _folder;

    private ChildProcess(Process process, string name, string? folder)
    {
        (_process, Name, _folder) = (process, name, folder);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Name { get; }
    public int Id => _process.Id;
    public bool HasExited => _process.HasExited;
    public int ExitCode => _process.ExitCode;

    /// <summary>The last lines of both outputs, in the order they came.</summary>
    public string Output
    {
        get
        {
            lock (_output) return string.Join('\n', _output);
        }
    }

    /// <param name="command">Program and arguments, passed on untouched.</param>
    /// <param name="environment">Added to this program's own.</param>
    /// <param name="folder">A temporary folder that is deleted on Dispose.</param>
    public static ChildProcess Start(
        IReadOnlyList<string> command,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null)
    {
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in new[] { "sh", "-c", Script, "sh" }) start.ArgumentList.Add(word);
        foreach (var word in command) start.ArgumentList.Add(word);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException("cannot start " + command[0]);
        return new ChildProcess(process, Path.GetFileName(command[0]), folder);
    }

    /// <summary>Returns once the port accepts; throws with the output when the process ends or time is up.</summary>
    public void WaitForPort(int port, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < limit)
        {
            if (HasExited) break;
            if (Accepts(port)) return;
            Thread.Sleep(2);
        }

        var what = HasExited
            ? $"ended with code {ExitCode}"
            : $"does not accept on {port} after {limit.TotalSeconds} s";
        throw new InvalidOperationException($"{Name} {what}:\n{Output}");
    }

    /// <summary>Returns the first output line that starts so; throws when it does not come.</summary>
    public string WaitForLine(string beginning, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < limit)
        {
            lock (_output)
            {
                var found = _output.FirstOrDefault(l => l.StartsWith(beginning, StringComparison.Ordinal));
                if (found is not null) return found;
            }

            if (HasExited) break;
            Thread.Sleep(5);
        }

        throw new InvalidOperationException($"{Name} never said '{beginning}':\n{Output}");
    }

    /// <summary>Asks the leader to end (SIGTERM) and waits; true when it ended in time.</summary>
    public bool Terminate(TimeSpan limit)
    {
        Signal("-TERM", Id.ToString(CultureInfo.InvariantCulture));
        return _process.WaitForExit(limit);
    }

    /// <summary>True when it ended by itself in time; what it said last has been read then.</summary>
    public bool WaitForExit(TimeSpan limit)
    {
        if (!_process.WaitForExit(limit)) return false;
        // A child of its own may hold its output open for longer; what matters has come by then.
        _outputEnded.Wait(TimeSpan.FromSeconds(2));
        return true;
    }

    /// <param name="signal">As <c>kill</c> takes it: <c>-TERM</c>, <c>-QUIT</c>.</param>
    public void Signal(string signal) => Signal(signal, Id.ToString(CultureInfo.InvariantCulture));

    public void Dispose()
    {
        // To the whole group (the minus): workers and the watcher too. A group that has gone is no fault.
        Signal("-KILL", "-" + Id.ToString(CultureInfo.InvariantCulture));
        _process.WaitForExit(TimeSpan.FromSeconds(5));
        _process.Dispose();
        if (_folder is not null && Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private static bool Accepts(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Signal(string signal, string target)
    {
        var start = new ProcessStartInfo("kill", [signal, "--", target]) { RedirectStandardError = true };
        using var kill = Process.Start(start)!;
        kill.StandardError.ReadToEnd();
        kill.WaitForExit();
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            if (!_outputEnded.IsSet) _outputEnded.Signal();
            return;
        }

        lock (_output)
        {
            _output.Enqueue(line);
            if (_output.Count > OutputLinesMax) _output.Dequeue();
        }
    }
}
