namespace Weir.Verbs;

/// <summary>What a person reads at start: where the door is, what stands behind it, and what was assumed.</summary>
internal static class Banner
{
    public static void Write(House house, TextWriter to)
    {
        var options = house.Rooms.Options;
        foreach (var url in house.Urls)
            to.WriteLine($"weir: listening on {url}");
        foreach (var app in house.Rooms.Apps)
        {
            foreach (var instance in app.Instances)
            {
                var slots = instance.IsAsync ? $"up to {instance.Slots} in flight"
                    : instance.Slots == 1 ? "1 slot" : $"{instance.Slots} slots, exact per instance, not per worker";
                to.WriteLine($"weir: {instance.Name} at {instance.Address}, {slots}");
            }
        }

        if (house.Rooms.Cache.Shared is { } shared)
            to.WriteLine($"weir: shares stored answers with other nodes through {shared.Address}");
        if (options.Trust.TrustedProxies.Count > 0)
        {
            to.WriteLine($"weir: believes {string.Join(", ", options.Trust.TrustedProxies)} about the client; "
                + $"idle connections are kept {options.Edge.KeepAlive.TotalSeconds:0} s");
        }

        if (house.Rooms.Disk.IsMemory)
        {
            to.WriteLine($"weir: warning: {house.Rooms.Disk.DirectoryPath} is in memory, so spilled bodies cost it; "
                + "set spill.directory to a disk");
        }
    }
}
