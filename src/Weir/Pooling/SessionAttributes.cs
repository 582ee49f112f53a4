namespace Weir.Pooling;

/// <summary>libpq's target_session_attrs: which of several hosts will do.</summary>
internal enum SessionAttributes : byte
{
    Any,
    ReadWrite,
    ReadOnly,
    Primary,
    Standby,

    /// <summary>A standby if there is one; else any.</summary>
    PreferStandby,
}
