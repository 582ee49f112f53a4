using Weir.Core.Ledger;
using Weir.Core.Routing;

namespace Weir.Sim.Recordings;

/// <summary>
/// What a recording tells of one app: that the router does the same again, what was measured, and what a world that
/// goes on from it needs. Times in microseconds.
/// </summary>
internal sealed class RecordingSurvey
{
    private readonly Dictionary<int, RouteTimes> _routes = [];
    private readonly Dictionary<int, int> _slots = [];

    private RecordingSurvey(string path, int app) => (Path, App) = (path, app);

    public string Path { get; }

    /// <summary>The app's number and name in the recording.</summary>
    public int App { get; }
    public string Name { get; private set; } = "";

    public RecordingHead Head { get; private set; } = null!;

    public AppReplay Replay { get; private set; } = null!;

    /// <summary>As measured: arrival → last lease, and → slot given back.</summary>
    public SimResult Measured { get; } = new();

    /// <summary>Requests in flight at the end, and those that needed no slot: in no figure.</summary>
    public long LeftOut { get; private set; }

    public long FirstArrival { get; private set; } = -1;

    public long LastArrival { get; private set; }

    /// <summary>Most slots held at once.</summary>
    public int HeldMost { get; private set; }

    /// <summary>The options in force at the end.</summary>
    public RoutingOptions Options => Replay.Router.Options;

    /// <summary>Instances that were there at once, at most, and the slots of one of them.</summary>
    public int Instances { get; private set; }

    public int Workers { get; private set; }

    /// <summary>True where instances had different slots, or came and went: a world has them all the same.</summary>
    public bool IsUneven { get; private set; }

    public long Duration => Math.Max(1, Replay.LastAt - Replay.FirstAt);

    public double Rate => Measured.Requests / (Duration / 1e6);

    public IReadOnlyCollection<RouteTimes> Routes => _routes.Values;

    /// <summary>Of all routes together.</summary>
    public RouteTimes All { get; } = new("all");

    /// <summary>Reads it once, from end to end; an app each.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="FormatException">It is no recording, or damaged.</exception>
    public static IReadOnlyList<RecordingSurvey> Read(string path)
    {
        var surveys = new List<RecordingSurvey>();
        do
        {
            var survey = new RecordingSurvey(path, surveys.Count);
            survey.Read(out var apps);
            if (apps == 0)
                throw new FormatException("the recording has no app in it");
            surveys.Add(survey);
            if (surveys.Count >= apps)
                return surveys;
        }
        while (true);
    }

    /// <summary>Service times by the numbers of the routes.</summary>
    public IReadOnlyList<ServiceTime> Services()
    {
        var all = All.Service() ?? ServiceTime.Read("const:1ms", out _)!;
        var last = _routes.Count == 0 ? -1 : _routes.Keys.Max();
        return [.. Enumerable.Range(0, last + 1)
            .Select(route => _routes.TryGetValue(route, out var times) ? times.Service() ?? all : all)];
    }

    private void Read(out int apps)
    {
        using var reader = new TraceReader(Path, App) { Watch = WatchInstances };
        while (reader.TryNext(out var request))
            Add(request, reader.Routes);
        Replay = reader.Replay;
        Head = reader.Head;
        apps = reader.Apps.Count;
        Name = apps > App ? reader.Apps[App] : "";
        HeldMost = reader.Assembler.HeldMost;
        Measured.BusyMicros = reader.Assembler.HeldMicros;
        Measured.Slots = Instances * (long)Workers;
        Measured.Window = Math.Max(1, Replay.LastAt - Replay.FirstAt);
        Measured.Steps = Replay.Events;
        IsUneven |= _slots.Values.Distinct().Count() > 1;
    }

    private void WatchInstances(RecordReader record)
    {
        if (!record.IsEvent)
            return;
        var (kind, instance) = (record.Event.Kind, record.Event.Instance);
        if (kind == RoutingEventKind.InstanceUp)
        {
            IsUneven |= _slots.TryGetValue(instance, out var before) && before != record.Event.Count
                || FirstArrival >= 0;
            _slots[instance] = record.Event.Count;
        }
        else if (kind is RoutingEventKind.InstanceDown or RoutingEventKind.InstanceDraining)
        {
            IsUneven |= _slots.Remove(instance);
        }

        if (_slots.Count < Instances || _slots.Count == 0)
            return;
        Instances = _slots.Count;
        Workers = Math.Max(1, (int)Math.Round(_slots.Values.Average()));
    }

    private void Add(TraceRequest request, Dictionary<int, string> names)
    {
        if (request.IsWithoutSlot || request.Want == LeaseKind.NoSlot || !request.HasEnded)
        {
            LeftOut++;
            return;
        }

        if (FirstArrival < 0)
            FirstArrival = request.Arrived;
        LastArrival = request.Arrived;
        Measured.Requests++;
        if (request.Hold >= 0)
            Times(request.Route, names).Add(request.Hold);
        if (request.Hold >= 0)
            All.Add(request.Hold);
        Measured.Count(
            request.IsAnswered ? ExchangeEnd.Answered
                : request.Shed != ShedReason.None ? ExchangeEnd.Shed
                : request.Outcome == Outcome.FirstByteTimeout ? ExchangeEnd.TimedOut
                : ExchangeEnd.GaveUp,
            request.Shed,
            new SimRequest { Arrived = request.Arrived, Started = request.Leased, Tries = 1 },
            request.Leased + request.Hold);
    }

    private RouteTimes Times(int route, Dictionary<int, string> names)
    {
        if (!_routes.TryGetValue(route, out var times))
            _routes[route] = times = new RouteTimes(names.GetValueOrDefault(route, "?"));
        return times;
    }
}
