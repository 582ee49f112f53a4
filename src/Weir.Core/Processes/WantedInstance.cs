namespace Weir.Core.Processes;

/// <summary>An instance that the Weir which starts would start.</summary>
internal readonly record struct WantedInstance(string Type, int Number, string Line);
