using System.Text.Json.Serialization;

namespace Weir.Control;

/// <summary>Worker time that one route's stored answers have saved.</summary>
/// <param name="Route">Its path; empty: of no route.</param>
internal sealed record SavedSnapshot(string App, string Route, double WorkerSeconds)
{
    [JsonIgnore]
    public string Name => Route.Length == 0 ? "(no route)" : Route;
}
