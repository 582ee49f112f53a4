namespace Weir.Core.Processes;

/// <summary>How many requests an instance can work on at once, and how that is known.</summary>
/// <param name="Slots">Workers × threads of one instance; 1 where nothing is known; 0 where the server is
/// async.</param>
/// <param name="Workers">Processes that share the listener: more than one is exact per instance, not per
/// worker.</param>
/// <param name="Server">"gunicorn"; empty where it is not known.</param>
/// <param name="Evidence">For people: "-w 4 on the command line", "config/puma.rb:7".</param>
internal sealed record SlotFinding(int Slots, int Workers, string Server, string Evidence)
{
    /// <summary>No workers to count: bounded by app.in-flight-max instead.</summary>
    public bool IsAsync => Slots == 0;

    /// <summary>Nothing told: one slot is what cannot hurt, and the banner must say so.</summary>
    public bool IsAssumed => Evidence.Length == 0;

    public static SlotFinding Unknown { get; } = new(1, 1, "", "");
}
