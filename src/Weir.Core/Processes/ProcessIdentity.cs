namespace Weir.Core.Processes;

/// <summary>A process beyond its number, which is used again: the number, and when it started.</summary>
/// <param name="StartTicks">Clock ticks since the boot (proc(5), field 22 of stat); −1 = it is gone.</param>
internal readonly record struct ProcessIdentity(int Id, long StartTicks);
