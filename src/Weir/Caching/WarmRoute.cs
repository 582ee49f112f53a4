using Weir.Core.Caching;
using Weir.Routing;

namespace Weir.Caching;

/// <summary>A route of which something is kept warm.</summary>
/// <param name="Path">The route's own, for people.</param>
internal sealed record WarmRoute(App App, string Path, WarmPlan Plan, CachePolicy Policy, WarmOptions Options)
{
    /// <summary>A reload changed nothing here, so that what is warm need not be made again.</summary>
    public bool IsLike(WarmRoute other) => ReferenceEquals(App, other.App) && Path == other.Path
        && Policy == other.Policy && Plan.Every == other.Plan.Every && Plan.Fields == other.Plan.Fields
        && Options.TopMax == other.Options.TopMax && Options.Budget.Equals(other.Options.Budget)
        && Plan.Requests.Select(request => request.Name).SequenceEqual(
            other.Plan.Requests.Select(request => request.Name));
}
