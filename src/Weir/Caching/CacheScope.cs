namespace Weir.Caching;

/// <summary>Where a credential counts as accepted: one route of one app, as one number.</summary>
internal static class CacheScope
{
    public static ulong Of(int app, int route) => (ulong)(uint)app << 32 | (uint)route;
}
