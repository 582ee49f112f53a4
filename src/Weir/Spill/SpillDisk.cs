using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace Weir.Spill;

/// <summary>
/// The spill directory and the few threads that touch it. A job belongs to a body, and a body has at most one write,
/// one read and one close under way, so the queue is bounded by the bodies; a disk that stalls stalls those bodies and
/// nobody else.
/// </summary>
internal sealed class SpillDisk : IDisposable
{
    private readonly BlockingCollection<SpillJob> _jobs = [];
    private readonly string _directory;
    private readonly Thread[] _threads;
    private int _fileNumber;

    public SpillDisk(SpillOptions options)
    {
        _directory = options.Directory.Length > 0 ? options.Directory : DefaultDirectory();
        Directory.CreateDirectory(
            _directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        IsMemory = SpillPlace.IsMemory(_directory);
        Budget = new Budget(options.BytesMax > 0 ? options.BytesMax : SpillPlace.DefaultBudget(_directory));
        _threads = new Thread[Math.Clamp(options.Threads, 1, 4)];
        for (var index = 0; index < _threads.Length; index++)
            _threads[index] = new Thread(Run) { IsBackground = true, Name = $"weir spill {index}" };
        foreach (var thread in _threads)
            thread.Start();
    }

    /// <summary>Bytes of all spill files, against spill.max.</summary>
    public Budget Budget { get; }

    /// <summary>True on tmpfs, where spilling saves no memory.</summary>
    public bool IsMemory { get; }

    public string DirectoryPath => _directory;

    /// <summary>Runs before each job, on its spill thread: for tests that stall or fail the disk.</summary>
    public Action<SpillJob>? Obstacle { get; set; }

    public int JobsWaiting => _jobs.Count;

    public void Submit(SpillJob job)
    {
        job.Begin();
        try
        {
            _jobs.Add(job);
        }
        catch (InvalidOperationException exception)
        {
            // The house is closed while the last exchanges end.
            if (job.Action == SpillAction.Close)
                job.File!.Close();
            job.Fault = exception;
            job.End();
        }
    }

    /// <summary>A new file, open and already without a name.</summary>
    public SafeFileHandle CreateUnlinked()
    {
        var path = Path.Combine(
            _directory, $"body-{Environment.ProcessId}-{Interlocked.Increment(ref _fileNumber)}");
        var handle = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete | FileShare.ReadWrite);
        File.Delete(path);
        return handle;
    }

    public void Dispose()
    {
        _jobs.CompleteAdding();
        foreach (var thread in _threads)
            thread.Join(TimeSpan.FromSeconds(1));
        _jobs.Dispose();
    }

    private static string DefaultDirectory() => $"/var/tmp/weir-{SpillPlace.UserId()}";

    private void Run()
    {
        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            try
            {
                Obstacle?.Invoke(job);
                Do(job);
            }
            catch (Exception exception)
            {
                // A full disk, a failing one, a lost mount: the body's owner decides what that means to its client.
                job.Fault = exception;
            }

            job.End();
        }
    }

    private static void Do(SpillJob job)
    {
        var file = job.File!;
        switch (job.Action)
        {
            case SpillAction.Write:
                var handle = file.Open();
                var offset = job.Offset;
                foreach (var block in job.Blocks)
                {
                    RandomAccess.Write(handle, block, offset);
                    offset += block.Length;
                }

                break;
            case SpillAction.Read:
                if (RandomAccess.Read(file.Open(), job.Blocks[0].AsSpan(0, job.Count), job.Offset) != job.Count)
                    throw new IOException("A spill file is shorter than what was written to it.");
                break;
            default:
                file.Close();
                break;
        }
    }
}
