using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// The directives of a Cache-Control field (RFC 9111 section 5.2) or a targeted one (RFC 9213). Numbers are seconds, −1
/// where not said. Of a directive said twice, the first counts (section 4.2.1).
/// </summary>
internal struct CacheDirectives
{
    /// <summary>What larger numbers are taken for (RFC 9111 section 1.2.2).</summary>
    public const long SecondsMax = 1L << 31;

    // Kept plus one, so that default is "not said".
    private long _maxAge;
    private long _sharedMaxAge;
    private long _staleWhileRevalidate;
    private long _staleIfError;
    private long _minFresh;
    private long _maxStale;

    public DirectiveFlags Flags { get; private set; }
    public readonly long MaxAge => _maxAge - 1;
    public readonly long SharedMaxAge => _sharedMaxAge - 1;
    public readonly long StaleWhileRevalidate => _staleWhileRevalidate - 1;
    public readonly long StaleIfError => _staleIfError - 1;
    public readonly long MinFresh => _minFresh - 1;
    public readonly long MaxStale => _maxStale - 1;

    public readonly bool Has(DirectiveFlags flag) => (Flags & flag) != 0;

    /// <summary>Takes one field line of Cache-Control; several lines are one list.</summary>
    public void Take(ReadOnlySpan<byte> value)
    {
        Flags |= DirectiveFlags.Present;
        var list = new DirectiveList(value);
        while (list.Next(out var name, out var argument, out var hasArgument))
            TakeOne(name, argument, hasArgument);
    }

    /// <summary>
    /// Takes one line of a targeted field, a Dictionary of RFC 8941. False: the whole field must be ignored, and this
    /// holds nothing that may be used.
    /// </summary>
    public bool TakeTargeted(ReadOnlySpan<byte> value)
    {
        var dictionary = new StructuredDictionary(value);
        while (dictionary.Next(out var key, out var item))
        {
            Flags |= DirectiveFlags.Present;
            if (!TakeMember(key, item))
                return false;
        }

        return !dictionary.IsBroken;
    }

    /// <summary>
    /// Takes one line of Surrogate-Control (W3C Edge Architecture), which is older than targeted fields and no
    /// Structured Field: directives that name another surrogate are not for Weir.
    /// </summary>
    public void TakeSurrogate(ReadOnlySpan<byte> value)
    {
        var list = new DirectiveList(value);
        while (list.Next(out var name, out var argument, out var hasArgument))
        {
            var target = hasArgument ? TakeParameter(ref argument) : TakeParameter(ref name);
            if (!target.IsEmpty && !Tokens.Equal(target, "weir"u8))
                continue;
            Flags |= DirectiveFlags.Present;
            // max-age=60+30: fresh for 60 seconds, and stale for 30 more if need be.
            var plus = argument.IndexOf((byte)'+');
            if (plus >= 0)
                TakeNumber(ref _staleWhileRevalidate, argument[(plus + 1)..]);
            TakeOne(name, plus < 0 ? argument : argument[..plus], hasArgument);
        }
    }

    /// <summary>Cuts off what stands behind a semicolon, and returns it.</summary>
    private static ReadOnlySpan<byte> TakeParameter(scoped ref ReadOnlySpan<byte> text)
    {
        var semicolon = text.IndexOf((byte)';');
        if (semicolon < 0)
            return default;
        var parameter = text[(semicolon + 1)..].Trim(" \t"u8);
        text = text[..semicolon].TrimEnd(" \t"u8);
        return parameter;
    }

    // Long on purpose: the table of RFC 9111 section 5.2 in the form of a switch.
    private void TakeOne(ReadOnlySpan<byte> name, ReadOnlySpan<byte> argument, bool hasArgument)
    {
        switch (name.Length)
        {
            case 6 when Tokens.Equal(name, "public"u8):
                Flags |= DirectiveFlags.Public;
                break;
            case 7 when Tokens.Equal(name, "max-age"u8):
                TakeFreshness(ref _maxAge, argument);
                break;
            case 7 when Tokens.Equal(name, "private"u8):
                Flags |= argument.IsEmpty ? DirectiveFlags.Private : DirectiveFlags.PrivateFields;
                break;
            case 8 when Tokens.Equal(name, "s-maxage"u8):
                TakeFreshness(ref _sharedMaxAge, argument);
                break;
            case 8 when Tokens.Equal(name, "no-store"u8):
                Flags |= DirectiveFlags.NoStore;
                break;
            case 8 when Tokens.Equal(name, "no-cache"u8):
                Flags |= argument.IsEmpty ? DirectiveFlags.NoCache : DirectiveFlags.NoCacheFields;
                break;
            case 9 when Tokens.Equal(name, "min-fresh"u8):
                TakeNumber(ref _minFresh, argument);
                break;
            case 9 when Tokens.Equal(name, "max-stale"u8):
                if (hasArgument)
                    TakeNumber(ref _maxStale, argument);
                else
                    Flags |= DirectiveFlags.MaxStaleAny;
                break;
            case 14 when Tokens.Equal(name, "stale-if-error"u8):
                TakeNumber(ref _staleIfError, argument);
                break;
            case 14 when Tokens.Equal(name, "only-if-cached"u8):
                Flags |= DirectiveFlags.OnlyIfCached;
                break;
            case 15 when Tokens.Equal(name, "must-revalidate"u8):
                Flags |= DirectiveFlags.MustRevalidate;
                break;
            case 15 when Tokens.Equal(name, "must-understand"u8):
                Flags |= DirectiveFlags.MustUnderstand;
                break;
            case 16 when Tokens.Equal(name, "proxy-revalidate"u8):
                Flags |= DirectiveFlags.ProxyRevalidate;
                break;
            case 22 when Tokens.Equal(name, "stale-while-revalidate"u8):
                TakeNumber(ref _staleWhileRevalidate, argument);
                break;
        }
    }

    private void TakeFreshness(ref long kept, ReadOnlySpan<byte> argument)
    {
        if (kept != 0)
            return;
        var seconds = SecondsOf(argument);
        if (seconds < 0)
            Flags |= DirectiveFlags.FreshnessInvalid;
        kept = Math.Max(0, seconds) + 1;
    }

    private static void TakeNumber(ref long kept, ReadOnlySpan<byte> argument)
    {
        if (kept == 0)
            kept = SecondsOf(argument) + 1;
    }

    /// <summary>Digits and nothing else (RFC 9111 section 1.2.2), capped; −1 for anything else.</summary>
    public static long SecondsOf(ReadOnlySpan<byte> digits)
    {
        if (digits.IsEmpty)
            return -1;
        long seconds = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return -1;
            seconds = Math.Min(SecondsMax, seconds * 10 + digit - '0');
        }

        return seconds;
    }

    /// <summary>
    /// A member whose value has not the type that the directive asks for breaks the field, if it would loosen
    /// something; what forbids, forbids with any value but false.
    /// </summary>
    private bool TakeMember(ReadOnlySpan<byte> key, in StructuredItem item)
    {
        // In a dictionary the last one counts (RFC 8941 section 3.2), and keys are in lower case.
        if (key.SequenceEqual("max-age"u8))
            return TakeInteger(ref _maxAge, item);
        if (key.SequenceEqual("s-maxage"u8))
            return TakeInteger(ref _sharedMaxAge, item);
        if (key.SequenceEqual("stale-while-revalidate"u8))
            return TakeInteger(ref _staleWhileRevalidate, item);
        if (key.SequenceEqual("stale-if-error"u8))
            return TakeInteger(ref _staleIfError, item);
        if (key.SequenceEqual("public"u8) && item.Kind != StructuredKind.Boolean)
            return false;
        var flag = FlagOf(key);
        if (item is { Kind: StructuredKind.Boolean, Integer: 0 })
            Flags &= ~flag;
        else
            Flags |= flag;
        return true;
    }

    private static bool TakeInteger(ref long kept, in StructuredItem item)
    {
        if (item.Kind != StructuredKind.Integer)
            return false;
        // A negative lifetime is none at all.
        kept = Math.Clamp(item.Integer, 0, SecondsMax) + 1;
        return true;
    }

    private static DirectiveFlags FlagOf(ReadOnlySpan<byte> key) => key.Length switch
    {
        6 when key.SequenceEqual("public"u8) => DirectiveFlags.Public,
        7 when key.SequenceEqual("private"u8) => DirectiveFlags.Private,
        8 when key.SequenceEqual("no-store"u8) => DirectiveFlags.NoStore,
        8 when key.SequenceEqual("no-cache"u8) => DirectiveFlags.NoCache,
        15 when key.SequenceEqual("must-revalidate"u8) => DirectiveFlags.MustRevalidate,
        15 when key.SequenceEqual("must-understand"u8) => DirectiveFlags.MustUnderstand,
        16 when key.SequenceEqual("proxy-revalidate"u8) => DirectiveFlags.ProxyRevalidate,
        _ => DirectiveFlags.None,
    };
}
