using Microsoft.Win32.SafeHandles;
using Weir.Core.Processes;

namespace Weir.Processes;

/// <summary>What an instance has beside its process.</summary>
/// <param name="Listen">Takes the output of the instance of that name.</param>
/// <param name="Slots">Of one instance of this type.</param>
/// <param name="RequestsMax">Requests after which it is renewed, drawn for this one; 0 = no bound.</param>
internal sealed record StartParts(
    Func<ProcessType, string, SafeFileHandle, InstanceOutput> Listen, SlotFinding Slots, long RequestsMax);
