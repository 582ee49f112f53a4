namespace Weir.Core.Processes;

/// <summary>What the platform calls the machine that Weir runs on: "web.1", "worker.3", "run.1234".</summary>
internal sealed record DynoName(string Text, string Type)
{
    /// <summary>Started for one command, and not one of the app's processes.</summary>
    public bool IsOneOff => Type is "run" or "release" or "scheduler";

    /// <summary>Null where DYNO is not set, or not in a manner that is known.</summary>
    public static DynoName? Read(string? text)
    {
        var dot = text?.LastIndexOf('.') ?? -1;
        return dot > 0 && ProcfileReader.IsName(text.AsSpan(0, dot)) ? new DynoName(text!, text![..dot]) : null;
    }
}
