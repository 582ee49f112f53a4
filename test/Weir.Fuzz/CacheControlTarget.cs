using Weir.Core.Caching;

namespace Weir.Fuzz;

/// <summary>
/// Any value of Cache-Control, or of a targeted field, is read without a fault, and nothing that is added takes away
/// what forbids.
/// </summary>
internal static class CacheControlTarget
{
    private const DirectiveFlags Forbids = DirectiveFlags.NoStore | DirectiveFlags.NoCache | DirectiveFlags.Private
        | DirectiveFlags.MustRevalidate | DirectiveFlags.ProxyRevalidate | DirectiveFlags.FreshnessInvalid;

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var alone = Read(data);
        Check(alone);
        byte[] before = [.. "no-store, max-age=7, "u8, .. data];
        var both = Read(before);
        if (!both.Has(DirectiveFlags.NoStore) || both.MaxAge != 7)
            throw new InvariantException("What stands behind hides what stands before.");
        var line = both;
        line.Take("private"u8);
        // But for the number that is none: the one before it counts.
        var flags = alone.Flags & ~DirectiveFlags.FreshnessInvalid;
        if (!line.Has(DirectiveFlags.Private) || (flags & ~line.Flags) != 0)
            throw new InvariantException("Another line takes something away.");
        CheckQuoted(data);
        new CacheDirectives().TakeSurrogate(data);
        FuzzTargeted(data);
    }

    /// <summary>In a quoted string, nothing is a directive.</summary>
    private static void CheckQuoted(ReadOnlySpan<byte> data)
    {
        if (data.ContainsAny((byte)'"', (byte)'\\'))
            return;
        byte[] quoted = [.. "x=\""u8, .. data, .. "\", max-age=5"u8];
        var read = Read(quoted);
        if (read.Flags != DirectiveFlags.Present || read.MaxAge != 5 || read.SharedMaxAge >= 0)
            throw new InvariantException("A string is read as directives.");
    }

    private static void FuzzTargeted(ReadOnlySpan<byte> data)
    {
        var directives = new CacheDirectives();
        var isTaken = directives.TakeTargeted(data);
        byte[] more = [.. data, .. ", no-store"u8];
        var joined = new CacheDirectives();
        var isMore = joined.TakeTargeted(more);
        if (!isTaken)
            return;
        Check(directives);
        // Whole members, whatever they are, can have another behind them.
        var isEmpty = data.Trim((byte)' ').IsEmpty;
        if (isMore == isEmpty || (isMore && !joined.Has(DirectiveFlags.NoStore)))
            throw new InvariantException("Another member is not read.");
        if (isMore && (directives.Flags & Forbids & ~joined.Flags) != 0)
            throw new InvariantException("Another member takes something away.");
    }

    private static void Check(in CacheDirectives directives)
    {
        foreach (var seconds in (ReadOnlySpan<long>)[directives.MaxAge, directives.SharedMaxAge, directives.MinFresh,
            directives.MaxStale, directives.StaleIfError, directives.StaleWhileRevalidate])
        {
            if (seconds is < -1 or > CacheDirectives.SecondsMax)
                throw new InvariantException($"No number of seconds: {seconds}.");
        }

        if (directives.Has(DirectiveFlags.FreshnessInvalid) && directives.MaxAge > 0 && directives.SharedMaxAge > 0)
            throw new InvariantException("A number that is none was read.");
    }

    private static CacheDirectives Read(ReadOnlySpan<byte> value)
    {
        var directives = new CacheDirectives();
        directives.Take(value);
        return directives;
    }
}
