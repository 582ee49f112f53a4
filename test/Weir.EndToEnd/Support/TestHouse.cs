using System.Net;
using Weir.Config;
using Weir.Control;
using Weir.Core.Ledger;
using Weir.Ledger;
using Weir.Routing;

namespace Weir.EndToEnd.Support;

/// <summary>
/// Weir in this process: the whole house, its front door on a free loopback port, without its admin door.
/// </summary>
internal sealed class TestHouse : IDisposable
{
    private readonly HouseView _view;

    public TestHouse(WeirOptions options)
    {
        House = new House(options with
        {
            Edge = options.Edge with { Listen = ["127.0.0.1:0"] },
            Ledger = options.Ledger with { Log = LogFormat.Off, RecentMax = 1_000 },
            Quiet = true,
        });
        House.Rooms.WhenFault = fault => Faults.Add(fault);
        _view = new HouseView(House);
        Acts = new HouseActs(House, _view).Acts();
        House.Start();
    }

    public House House { get; }
    public ControlActs Acts { get; }
    public List<Exception> Faults { get; } = [];
    public IPEndPoint EndPoint => new(IPAddress.Loopback, House.Listeners[0].Port);
    public HouseSnapshot Status => _view.Snapshot();
    public InstanceSnapshot Instance => Status.Apps[0].Instances[0];

    /// <summary>One app named web before one instance.</summary>
    public static TestHouse Before(ScriptedApp app, int slots = 1, Func<WeirOptions, WeirOptions>? change = null) =>
        Before([$"{app.Address}={slots}"], change);

    public static TestHouse Before(IReadOnlyList<string> to, Func<WeirOptions, WeirOptions>? change = null)
    {
        var options = new WeirOptions { Apps = [new AppOptions { To = to }] };
        return new TestHouse(change is null ? options : change(options));
    }

    public RawClient Connect(int receiveBuffer = 0) => new(EndPoint, receiveBuffer);

    /// <summary>Sends one request on a connection of its own and reads its answer.</summary>
    public RawAnswer Ask(string request, string method = "GET")
    {
        using var client = Connect();
        return client.Send(request).ReadAnswer(method);
    }

    public RawAnswer Get(string target = "/") => Ask($"GET {target} HTTP/1.1\r\nHost: app.test\r\n\r\n");

    /// <summary>The ledger's records so far, oldest first.</summary>
    public List<RecentRecord> Records()
    {
        var records = new List<RecentRecord>();
        House.Rooms.Ledger.Recent.Read((in RecentRecord record, in RecentText _) => records.Add(record));
        return records;
    }

    /// <summary>Waits until so many exchanges were written down, and gives the last.</summary>
    public RecentRecord Record(int count = 1)
    {
        Eventually.True(() => Records().Count >= count, $"{count} records in the ledger");
        return Records()[count - 1];
    }

    /// <summary>Waits until the exchange that ended so was written down.</summary>
    public RecentRecord RecordOf(Outcome outcome)
    {
        Eventually.True(
            () => Records().Exists(record => record.Outcome == outcome),
            () => $"a record of {outcome}; there are {string.Join(", ", Records().Select(r => r.Outcome))}");
        return Records().Find(record => record.Outcome == outcome);
    }

    /// <summary>Waits until no slot is held any more: what every test must come to.</summary>
    public void AllSlotsComeBack() => Eventually.True(
        () => Status.Apps.SelectMany(app => app.Instances).All(one => one.Leased + one.Abandoned + one.Lost == 0)
            && Status.Apps.All(app => app.Queue.Length == 0),
        "all slots back and the queue empty");

    public void Dispose()
    {
        House.StopAsync(TimeSpan.Zero).GetAwaiter().GetResult();
        House.Dispose();
        // A fault of Weir's own fails the test that brought it out, whatever else it looked at.
        if (Faults.Count > 0) throw new InvalidOperationException("a fault of Weir's own", Faults[0]);
    }
}
