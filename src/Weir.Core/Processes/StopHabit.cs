namespace Weir.Core.Processes;

/// <summary>How a server ends in good order.</summary>
/// <param name="Signals">Linux numbers, sent in this order; the last ends it.</param>
/// <param name="Seconds">What it may need before it is killed.</param>
/// <param name="Server">"unicorn"; empty where it is not known.</param>
internal sealed record StopHabit(IReadOnlyList<int> Signals, int Seconds, string Server);
