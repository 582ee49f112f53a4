namespace Weir.Core.Pooling.State;

/// <summary>Reasons of a pin in words for people: SHOW PINS, log, dashboard.</summary>
public static class PinWords
{
    private static readonly (PinReasons Reason, string Words)[] All =
    [
        (PinReasons.Temp, "temporary table"),
        (PinReasons.Listen, "LISTEN"),
        (PinReasons.Cursor, "cursor WITH HOLD"),
        (PinReasons.Lock, "session advisory lock"),
        (PinReasons.Lasting, "LOAD or setseed"),
        (PinReasons.ComputedName, "setting with a computed name"),
        (PinReasons.Prepared, "PREPARE that cannot be replayed"),
    ];

    /// <summary>"temporary table, LISTEN"; empty for none.</summary>
    public static string Of(PinReasons reasons) =>
        string.Join(", ", All.Where(pair => reasons.HasFlag(pair.Reason)).Select(pair => pair.Words));
}
