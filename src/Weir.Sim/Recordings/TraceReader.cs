namespace Weir.Sim.Recordings;

/// <summary>One app's requests out of a recording, one after the other, in an amount of memory that does not grow.
/// </summary>
internal sealed class TraceReader(string path, int app) : IDisposable
{
    private readonly Recording _recording = new(path);

    public AppReplay Replay { get; } = new();

    public TraceAssembler Assembler { get; } = new();

    /// <summary>Route numbers and their names so far.</summary>
    public Dictionary<int, string> Routes { get; } = [];

    public RecordingHead Head => _recording.Head;

    public IReadOnlyList<string> Apps => _recording.Apps;

    /// <summary>Looks at each record after it was taken.</summary>
    public Action<RecordReader>? Watch { get; init; }

    public bool TryNext(out TraceRequest request)
    {
        while (!Assembler.TryNext(out request))
        {
            if (!_recording.TryNext(out var whose))
                return false;
            if (whose != app)
                continue;
            var record = _recording.Record;
            Replay.Take(record);
            Assembler.Take(record, Replay.Commands);
            if (record.Kind == RecordKind.Route)
                Routes[record.Route] = record.RouteName;
            Watch?.Invoke(record);
        }

        return true;
    }

    public void Dispose() => _recording.Dispose();
}
