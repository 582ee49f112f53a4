namespace Weir.Core.Processes;

/// <summary>Processors as languages count them, which is not all the same.</summary>
/// <param name="Online">Of the machine: Python's cpu_count.</param>
/// <param name="Allowed">By this process's affinity: nproc, Ruby's Etc.nprocessors.</param>
/// <param name="Cores">Without the second threads of cores: Concurrent.physical_processor_count.</param>
internal sealed record ProcessorCounts(int Online, int Allowed, int Cores);
