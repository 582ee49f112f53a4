using System.Text.Json.Serialization;

namespace Weir.Demo;

/// <summary>The figures as the load hands them to the demo.</summary>
[JsonSerializable(typeof(DemoFigures))]
internal sealed partial class DemoJson : JsonSerializerContext;
