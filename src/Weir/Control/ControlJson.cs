using System.Text.Json.Serialization;

namespace Weir.Control;

/// <summary>
/// How the admin API's records are written, made at build so that a first answer needs no reflection.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HouseSnapshot))]
[JsonSerializable(typeof(RunningWeir))]
[JsonSerializable(typeof(ActReply))]
internal sealed partial class ControlJson : JsonSerializerContext;
