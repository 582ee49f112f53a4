using Weir.Core.Routing;
using Weir.Sim.Recordings;

namespace Weir.Recording;

/// <summary>One app's part in a recording. Every call is made under the app's lock, in step order.</summary>
internal sealed class AppRecorder
{
    private readonly RecordingFile _file;
    private readonly RecordWriter _writer = new();
    private readonly RouteBook _routes = new();
    private readonly int _app;
    private byte[]? _block;

    /// <summary>Begins with the router's state as it is now.</summary>
    public AppRecorder(RecordingFile file, string name, long now, AppRouter router)
    {
        _file = file;
        _app = file.Add(name);
        var snapshot = RecordWriter.Snapshot(now, router);
        file.Post(_app, snapshot, snapshot.Length, goesAround: false);
        _writer.StartAt(now);
        TakeBlock();
    }

    /// <summary>Nothing more is recorded.</summary>
    public bool IsOver => _block is null;

    public void Stepped_NeedsLock(long now, in RoutingEvent happened, CommandBuffer commands)
    {
        if (MakeRoom(now))
            _writer.Event(now, happened, commands);
    }

    /// <summary>The options were replaced; no step yet.</summary>
    public void Changed_NeedsLock(long now, RoutingOptions options)
    {
        if (MakeRoom(now))
            _writer.Options(now, options);
    }

    public void Ended_NeedsLock(long now, EndedRecord ended, ReadOnlySpan<byte> method, ReadOnlySpan<byte> path)
    {
        if (!MakeRoom(now))
            return;
        ended.Route = _routes.Number(method, path, out var name);
        if (name is not null)
        {
            _writer.Route(now, ended.Route, name);
            if (!MakeRoom(now))
                return;
        }

        _writer.Ended(now, ended);
    }

    /// <summary>Gives what there is to the disk, so that little is missing where Weir is killed.</summary>
    public void Flush_NeedsLock(long now)
    {
        if (_block is null || _writer.Count == 0)
            return;
        if (_file.Over != RecordingEnd.Open)
        {
            MakeRoomElsewhere(now);
            return;
        }

        // Where the disk is behind the block goes when it is full.
        if (_file.Take() is { } fresh)
            GoOn(now, fresh);
    }

    /// <summary>Weir ends.</summary>
    public void End_NeedsLock(long now)
    {
        if (_block is null)
            return;
        _writer.Checkpoint(now);
        _writer.End(now, RecordingEnd.Stopped);
        _file.Post(_app, _block, _writer.Count, goesAround: true);
        _block = null;
    }

    private bool MakeRoom(long now) => _block is not null && (_writer.HasRoom || MakeRoomElsewhere(now));

    private bool MakeRoomElsewhere(long now)
    {
        var fresh = _file.Over == RecordingEnd.Open ? _file.Take() : null;
        if (fresh is not null)
        {
            GoOn(now, fresh);
            return true;
        }

        _file.Post(_app, _block!, _writer.Count, goesAround: true);
        _block = null;
        _file.PostEnd(_app, _file.Over == RecordingEnd.Open ? RecordingEnd.DiskBehind : _file.Over);
        return false;
    }

    private void GoOn(long now, byte[] fresh)
    {
        _writer.Checkpoint(now);
        _file.Post(_app, _block!, _writer.Count, goesAround: true);
        _block = fresh;
        _writer.Use(fresh);
    }

    private void TakeBlock()
    {
        _block = _file.Take();
        if (_block is null)
            _file.PostEnd(_app, RecordingEnd.DiskBehind);
        else
            _writer.Use(_block);
    }
}
