namespace Weir.Core.Sites;

/// <summary>Which app takes a request, and which of its routes; indexes as configured.</summary>
/// <param name="App">−1 where no app takes it (404).</param>
/// <param name="Route">−1 where no route of the app is meant.</param>
/// <param name="IsAmbiguous">True where servers could read the path as two different apps or routes (400).</param>
internal readonly record struct SiteMatch(int App, int Route, bool IsAmbiguous = false)
{
    public static SiteMatch None { get; } = new(-1, -1);
    public static SiteMatch Ambiguous { get; } = new(-1, -1, true);
}
