namespace Weir.Core.Caching;

/// <summary>Somebody's part in a fill has changed by another's act: to be told and woken, in the order given.</summary>
internal readonly record struct FillNews<TWho>(TWho Who, FillRole Role);
