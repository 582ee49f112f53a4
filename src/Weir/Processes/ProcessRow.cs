namespace Weir.Processes;

/// <summary>One line of the kernel's process table.</summary>
/// <param name="State">The kernel's letter: 'Z' = ended and not waited for.</param>
/// <param name="CpuTicks">Its own and its waited-for children's, in clock ticks.</param>
/// <param name="ResidentPages">Memory pages in use, shared ones included.</param>
internal readonly record struct ProcessRow(
    int Id, char State, int Parent, int Session, long CpuTicks, int Threads, long ResidentPages);
