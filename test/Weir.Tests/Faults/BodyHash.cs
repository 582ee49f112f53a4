namespace Weir.Tests.Faults;

/// <summary>A hash that is taken in pieces (FNV-1a): both ends tell what they had of a body by it.</summary>
internal static class BodyHash
{
    public const ulong Start = 14695981039346656037;

    public static ulong Add(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
            hash = (hash ^ one) * 1099511628211;
        return hash;
    }
}
