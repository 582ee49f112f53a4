using System.Text.Json.Serialization;
using Weir.Core.Processes;

namespace Weir.Processes;

/// <summary>How the record of a run is written; made at build, so that a start needs no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(RunRecord))]
internal sealed partial class RunStateJson : JsonSerializerContext;
