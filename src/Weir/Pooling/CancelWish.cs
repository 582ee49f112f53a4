namespace Weir.Pooling;

/// <summary>That a session's query be cancelled, and who asked for it and waits until that has been seen to.</summary>
internal sealed class CancelWish(ClientSession asker)
{
    /// <summary>The next of a list.</summary>
    public CancelWish? Next { get; set; }

    /// <summary>Whoever waits for these learns that nothing more comes of them.</summary>
    public static void End(CancelWish? first)
    {
        for (var wish = first; wish is not null; wish = wish.Next)
            wish.Tell();
    }

    private void Tell() => asker.CancelIsOver();
}
