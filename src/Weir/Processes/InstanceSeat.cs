using Weir.Core.Processes;

namespace Weir.Processes;

/// <summary>A numbered place of a process type, over all the instances that fill it: "web.1".</summary>
internal sealed class InstanceSeat(string type, int number)
{
    /// <summary>A field, as its methods change it in place.</summary>
    public CrashPacing Pacing;

    public string Type { get; } = type;

    /// <summary>From 1.</summary>
    public int Number { get; } = number;
    public string Name { get; } = $"{type}.{number}";

    /// <summary>Null while it pauses after a crash, or is held down.</summary>
    public InstanceProcess? Current { get; set; }

    /// <summary>What will take its place when it is ready.</summary>
    public InstanceProcess? Next { get; set; }

    /// <summary>Not before; microseconds.</summary>
    public long StartAt { get; set; }

    /// <summary>Drained by name: stays down until scaled or restarted.</summary>
    public bool IsHeldDown { get; set; }

    /// <summary>Times that another instance came after one that ended, for whatever reason but scaling.</summary>
    public int Restarts { get; set; }

    /// <summary>Why the last one ended.</summary>
    public EndReason LastReason { get; set; }
    public int LastCode { get; set; }

    public void Remember(EndReason why, int code)
    {
        Restarts++;
        LastReason = why;
        LastCode = code;
    }
}
