using System.Net.Sockets;
using Weir.Beat;

namespace Weir.Routing;

/// <summary>
/// From the instances that an app was told of (<see cref="AppOptions.To"/>) to those that it is told of now. An address
/// that stays keeps its instance, its connections and what runs there.
/// </summary>
internal sealed class InstanceChange
{
    private readonly App _app;
    private readonly AppOptions _next;
    private readonly List<Instance> _leaving = [];
    private readonly List<Instance> _came = [];
    private readonly List<(Instance Instance, int Slots)> _resized = [];

    private InstanceChange(App app, AppOptions next) => (_app, _next) = (app, next);

    /// <summary>Sees what is to be done and does nothing; an app without addresses has its instances from elsewhere.
    /// </summary>
    /// <exception cref="FormatException">An address is none, or its name is not known.</exception>
    public static InstanceChange Plan(App app, AppOptions next)
    {
        var change = new InstanceChange(app, next);
        if (next.To.Count == 0)
            return change;
        var standing = app.Instances.ToList();
        foreach (var to in next.To)
        {
            var told = Read(next, to);
            var found = standing.Find(one => one.Address == told.Address && one.IsAsync == told.IsAsync);
            if (found is null)
            {
                change._came.Add(told);
                continue;
            }

            standing.Remove(found);
            var isOther = found.Slots != told.Slots || app.Options.Backlog != next.Backlog;
            // What a person drained stays so; only what a reload took away comes back.
            if (found.IsLeaving || isOther && !app.IsDraining(found))
                change._resized.Add((found, told.Slots));
        }

        change._leaving.AddRange(standing.Where(one => !one.IsLeaving));
        return change;
    }

    /// <summary>New ones come into service before old ones drain.</summary>
    public void Apply()
    {
        foreach (var (instance, slots) in _resized)
        {
            instance.LeavingSince = 0;
            _app.Resize(instance, slots);
        }

        foreach (var instance in _came)
            _app.Add(FreeName(), instance.Address, instance.Slots, instance.IsAsync);
        foreach (var instance in _leaving)
        {
            instance.LeavingSince = Clock.Now;
            _app.Drain(instance);
        }
    }

    private string FreeName()
    {
        var taken = _app.Instances.Select(instance => instance.Name).ToHashSet();
        return Enumerable.Range(1, int.MaxValue).Select(number => $"{_app.Name}.{number}").First(taken.Add);
    }

    private static Instance Read(AppOptions next, string to)
    {
        try
        {
            return Instance.Read(-1, "", to, 1, next.InFlightMax);
        }
        catch (SocketException exception)
        {
            throw new FormatException($"to: {to}: {exception.Message}", exception);
        }
    }
}
