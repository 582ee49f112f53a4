namespace Weir.EndToEnd.Caching;

/// <summary>What the result of one test of the public suite means.</summary>
internal enum SuiteVerdict
{
    /// <summary>A required or an optimal one that passed.</summary>
    Pass,

    /// <summary>A required one that did not.</summary>
    Fail,

    /// <summary>An optimal one that did not: the app was asked where a stored answer would have done.</summary>
    NotOptimal,

    /// <summary>A check tells what a cache does; there is no right answer.</summary>
    Yes,

    No,

    /// <summary>Another one that it depends on did not pass, so it says nothing.</summary>
    Dependency,

    /// <summary>The way to what it asks was not as it must be.</summary>
    Setup,

    /// <summary>The app was asked twice for one request.</summary>
    Retry,
}
