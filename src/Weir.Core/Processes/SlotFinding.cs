namespace Weir.Core.Processes;

/// <summary>How many requests an instance can work on at once, and how that is known.</summary>
/// <param name="Slots">Workers × threads of an instance; 1 where nothing is known; 0 where it is async.</param>
/// <param name="Workers">Processes that share the listener: of more than one, slots are exact together only.</param>
/// <param name="Server">"gunicorn"; empty where it is not known.</param>
/// <param name="Evidence">For people: "-w 4 on the command line", "config/puma.rb:7".</param>
internal sealed record SlotFinding(int Slots, int Workers, string Server, string Evidence)
{
    /// <summary>No workers to count: bounded by app.in-flight-max instead.</summary>
    public bool IsAsync => Slots == 0;

    /// <summary>Nothing told: one slot is what cannot hurt, and the banner must say so.</summary>
    public bool IsAssumed => Evidence.Length == 0;

    /// <summary>What was counted as one because it could not be read; the kernel may know more of it.</summary>
    public SlotUnread Unread { get; init; }

    /// <summary>For people: "workers at config/puma.rb:7 cannot be told"; empty where all was read.</summary>
    public string Doubt { get; init; } = "";

    /// <summary>Requests that one of its processes works on at once; 0 where the server is async.</summary>
    public int Threads => Slots / Math.Max(Workers, 1);

    public static SlotFinding Unknown { get; } = new(1, 1, "", "");
}

/// <summary>What a finding counts as one for want of knowledge.</summary>
[Flags]
internal enum SlotUnread
{
    None = 0,
    Workers = 1,
    Threads = 2,
}
