using System.Globalization;
using System.Text;

namespace Weir.Processes;

/// <summary>
/// Ends a child's group when Weir is killed and can do nothing itself: a shell that reads a pipe which only Weir
/// holds. A death signal (PR_SET_PDEATHSIG) would reach the group's leader alone, and fires when the thread that
/// started it ends.
/// </summary>
internal sealed class ChildGuard : IDisposable
{
    // A second line means that all is well; the end of the pipe without one, that Weir is gone.
    private const string Script =
        """
        exec >/dev/null 2>&1
        trap '' HUP INT QUIT TERM
        read -r group || exit 0
        read -r _ && exit 0
        kill -TERM "-$group" || exit 0
        for _ in 1 2 3 4 5; do sleep 1; kill -0 "-$group" || exit 0; done
        kill -KILL "-$group"
        """;

    private readonly FileStream? _pipe;
    private readonly int _id;

    private ChildGuard(FileStream? pipe, int id) => (_pipe, _id) = (pipe, id);

    /// <summary>Starts one; where there is no shell (bare images), children are left to the container's end.</summary>
    public static ChildGuard Start()
    {
        var start = new ProcessStart(["/bin/sh", "-c", Script, "weir-guard"], ChildEnvironment.Bare)
        {
            Pipes = PipeUse.Input,
        };
        try
        {
            var id = Spawner.Start(start, out var pipe);
            return new ChildGuard(new FileStream(pipe!, FileAccess.Write, bufferSize: 0), id);
        }
        catch (StartException)
        {
            return new ChildGuard(null, 0);
        }
    }

    public void Watch(int group) => Write(string.Create(CultureInfo.InvariantCulture, $"{group}\n"));

    public void Dispose()
    {
        Write("done\n");
        _pipe?.Dispose();
        if (_id > 0)
            _ = PosixCalls.Wait(_id, out _, 0);
    }

    private void Write(string line)
    {
        try
        {
            _pipe?.Write(Encoding.ASCII.GetBytes(line));
        }
        catch (IOException)
        {
            // Somebody ended the guard: the child runs unguarded.
        }
    }
}
