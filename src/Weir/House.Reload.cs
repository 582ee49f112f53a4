using System.Net.Sockets;
using Weir.Beat;
using Weir.Config;
using Weir.Core.Routing;
using Weir.Edge;
using Weir.Routing;

namespace Weir;

// A reload. All that can fail is done first, beside what is in force; what is left to do then cannot fail, and what
// belongs together changes by one write (LiveOptions). No connection is closed: instances and addresses that are
// taken away finish what they have.
internal sealed partial class House
{
    /// <summary>
    /// A leaving instance that is not idle by then leaves status all the same; what runs there runs on. Ten minutes:
    /// past every time-out but those of streams and tunnels.
    /// </summary>
    private static readonly long LeavingMax = Clock.Micros(TimeSpan.FromMinutes(10));

    private readonly Lock _reloading = new();

    // Apps that a reload took away and that still have exchanges.
    private App[] _retired = [];

    /// <summary>Puts other options in force.</summary>
    /// <returns>The settings that are given otherwise now and need a restart.</returns>
    /// <exception cref="FormatException">They cannot be in force, and nothing has changed.</exception>
    /// <exception cref="SocketException">As above: an address cannot be bound.</exception>
    public IReadOnlyList<string> Reload(WeirOptions next)
    {
        lock (_reloading)
        {
            if (Rooms.IsClosing)
                throw new FormatException("this Weir is going down");
            var old = Rooms.Live;
            next = MemoryShare.Of(next);
            var needs = RestartOnly.Changed(old.Options, next).ToList();
            next = RestartOnly.Keep(old.Options, next);
            if (_isInherited && !next.Edge.Listen.SequenceEqual(old.Options.Edge.Listen))
            {
                needs.Add("listen");
                next = next with { Edge = next.Edge with { Listen = old.Options.Edge.Listen } };
            }

            var useCertificates = _kestrel?.PlanCertificates(next.Edge.Certificates);
            var known = old.Apps.Concat(_retired).ToList();
            App[] apps = [.. next.Apps.Select(app => known.Find(one => one.Name == app.Name) ?? NewApp(app))];
            InstanceChange[] changes = [.. apps.Select((app, index) => InstanceChange.Plan(app, next.Apps[index]))];
            var live = new LiveOptions(next, apps, old);
            var warm = PlanWarm(live);
            var listeners = PlanListeners(next.Edge.Listen);

            for (var index = 0; index < apps.Length; index++)
            {
                if (!known.Contains(apps[index]))
                    apps[index].Open();
                apps[index].Adopt(next.Apps[index]);
                changes[index].Apply();
            }

            Rooms.Live = live;
            Rooms.Cache.Warmer!.Keep(warm);
            Rooms.ClientBudgets.Adopt(next.Intake);
            useCertificates?.Invoke();
            Volatile.Write(ref _retired, [.. known.Where(app => !apps.Contains(app))]);
            Use(listeners);
            return needs;
        }
    }

    /// <summary>An app that comes while the house is paused or its slots are bypassed is so too.</summary>
    private App NewApp(AppOptions options)
    {
        App app;
        try
        {
            app = new App(options, Rooms.Tickets);
        }
        catch (SocketException exception)
        {
            throw new FormatException($"{options.Name}: to: {exception.Message}", exception);
        }

        if (_recording is not null)
            app.Record(_recording);
        if (Rooms.Apps.Any(one => one.Look(router => router.IsPaused)))
            app.Step(new RoutingEvent { Kind = RoutingEventKind.Paused });
        if (Rooms.Bypass.Has(BypassParts.Slots))
            app.Configure(routing => routing with { SlotsBypassed = true });
        return app;
    }

    /// <summary>Binds the addresses that are new.</summary>
    private Listener[] PlanListeners(IReadOnlyList<string> addresses)
    {
        if (_isInherited)
            return _listeners;
        var opened = new List<Listener>();
        try
        {
            var max = Descriptors.ConnectionsMax(Rooms.Options.Edge.ConnectionsMax);
            foreach (var address in addresses.Where(one => !_listeners.Any(listener => listener.Address == one)))
                opened.Add(new Listener(Rooms, address, _open, max));
        }
        catch
        {
            foreach (var listener in opened)
                listener.Dispose();
            throw;
        }

        return [.. _listeners.Where(listener => addresses.Contains(listener.Address)), .. opened];
    }

    private void Use(Listener[] listeners)
    {
        var before = _listeners;
        Volatile.Write(ref _listeners, listeners);
        foreach (var listener in listeners.Except(before))
            listener.Start();
        foreach (var listener in before.Except(listeners))
            listener.Stop();
    }

    /// <summary>Once a second: who was told to leave goes when nothing runs there any more.</summary>
    private void SweepLeaving(long now)
    {
        foreach (var app in Rooms.Apps)
        {
            foreach (var instance in app.Instances)
            {
                if (instance.IsLeaving && (app.IsIdle(instance) || now - instance.LeavingSince > LeavingMax))
                    app.Remove(instance);
            }
        }

        var retired = Volatile.Read(ref _retired);
        if (retired.Length == 0)
            return;
        var busy = _open.Snapshot();
        var over = retired.Where(app => app.Look(router => router.QueueLength) == 0
            && app.Instances.All(app.IsIdle) && !busy.Any(exchange => exchange.IsOn(app))).ToList();
        foreach (var instance in over.SelectMany(app => app.Instances))
            instance.CloseIdle(long.MaxValue);
        if (over.Count > 0)
            Interlocked.CompareExchange(ref _retired, [.. retired.Except(over)], retired);
    }
}
