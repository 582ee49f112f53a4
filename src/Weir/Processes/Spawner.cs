using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Weir.Processes;

/// <summary>
/// Starts a process as the leader of a session of its own, so that one signal reaches all that it starts and a Ctrl-C
/// at the terminal reaches Weir alone. .NET's Process knows no sessions; a shim that calls setsid would cost its own
/// start.
/// </summary>
internal static unsafe class Spawner
{
    /// <param name="pipe">Weir's end of the pipe that was asked for; null where none was.</param>
    /// <returns>The process's id, which is its group's and its session's too.</returns>
    /// <exception cref="StartException">It cannot be started.</exception>
    public static int Start(ProcessStart start, out SafeFileHandle? pipe)
    {
        pipe = null;
        var ends = stackalloc int[2];
        var hasPipe = start.Pipes != PipeUse.None;
        if (hasPipe && PosixCalls.Pipe(ends, PosixCalls.CloseOnExec) != 0)
            throw new StartException($"no pipe to {start.Words[0]}: {LastProblem()}", 1);
        // The reading end is the child's where it is read there.
        var (theirs, ours) = start.Pipes == PipeUse.Input ? (ends[0], ends[1]) : (ends[1], ends[0]);
        var ourEnd = hasPipe ? new SafeFileHandle(ours, ownsHandle: true) : null;
        using var theirEnd = hasPipe ? new SafeFileHandle(theirs, ownsHandle: true) : null;

        var attributes = stackalloc byte[PosixCalls.StructBytes];
        var actions = stackalloc byte[PosixCalls.StructBytes];
        _ = PosixCalls.InitAttributes(attributes);
        _ = PosixCalls.InitActions(actions);
        Describe(attributes);
        if (hasPipe)
            Redirect(actions, start.Pipes, theirs);
        var places = Texts([start.Folder ?? "", "/dev/null"]);
        if (start.Folder is not null)
            _ = PosixCalls.AddFolder(actions, places[0]);
        if (start.HasNoInput && start.Pipes != PipeUse.Input)
            _ = PosixCalls.AddOpen(actions, 0, places[1], 0, 0);
        var words = Texts(start.Words);
        var variables = Texts([.. start.Environment.Select(pair => $"{pair.Key}={pair.Value}")]);
        try
        {
            var error = PosixCalls.Spawn(out var id, words[0], actions, attributes, words, variables);
            if (error != 0)
                throw Refused(start, error);
            pipe = ourEnd;
            return id;
        }
        catch
        {
            ourEnd?.Dispose();
            throw;
        }
        finally
        {
            Free(words);
            Free(variables);
            Free(places);
            _ = PosixCalls.EndActions(actions);
            _ = PosixCalls.EndAttributes(attributes);
        }
    }

    private static void Describe(byte* attributes)
    {
        const short flags = PosixCalls.SetSession | PosixCalls.SetSignalDefaults | PosixCalls.SetSignalMask;
        var signals = stackalloc byte[PosixCalls.StructBytes];
        new Span<byte>(signals, PosixCalls.StructBytes).Clear();
        _ = PosixCalls.SetFlags(attributes, flags);
        _ = PosixCalls.SetMask(attributes, signals);
        // .NET ignores SIGPIPE, and what is ignored stays so in a child, which would break shell pipelines.
        new Span<byte>(signals, 8).Fill(0xff);
        _ = PosixCalls.SetDefaults(attributes, signals);
    }

    private static void Redirect(byte* actions, PipeUse use, int descriptor)
    {
        if (use == PipeUse.Input)
        {
            _ = PosixCalls.AddDuplicate(actions, descriptor, 0);
            return;
        }

        _ = PosixCalls.AddDuplicate(actions, descriptor, 1);
        if (use == PipeUse.Outputs)
            _ = PosixCalls.AddDuplicate(actions, descriptor, 2);
    }

    private static StartException Refused(ProcessStart start, int error)
    {
        // The kernel says the same of a folder and of a program.
        if (start.Folder is { } folder && !Directory.Exists(folder))
            return new StartException($"{folder}: there is no such folder to start {start.Words[0]} in", 126);
        return error == PosixCalls.NoSuchFile ? ProgramPath.NotFound(start.Words[0])
            : error == PosixCalls.PermissionDenied ? ProgramPath.NotExecutable(start.Words[0])
            : new StartException(
                $"{start.Words[0]}: cannot be started: {new Win32Exception(error).Message}", 126);
    }

    private static string LastProblem() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;

    /// <summary>A null-ended list of null-ended texts, as the kernel takes them.</summary>
    private static byte** Texts(IReadOnlyList<string> texts)
    {
        var list = (byte**)NativeMemory.AllocZeroed((nuint)texts.Count + 1, (nuint)sizeof(byte*));
        for (var index = 0; index < texts.Count; index++)
            list[index] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[index]);
        return list;
    }

    private static void Free(byte** list)
    {
        for (var at = list; *at is not null; at++)
            Marshal.FreeCoTaskMem((nint)(*at));
        NativeMemory.Free(list);
    }
}
