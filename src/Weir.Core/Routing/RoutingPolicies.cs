using System.Text.Json;

namespace Weir.Core.Routing;

/// <summary>The policies' words, as settings, status and simulation write them.</summary>
internal static class RoutingPolicies
{
    /// <summary>"least-connections".</summary>
    public static string Word(this RoutingPolicy policy) =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(policy.ToString());
}
