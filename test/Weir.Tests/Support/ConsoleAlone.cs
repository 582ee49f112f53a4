namespace Weir.Tests.Support;

/// <summary>Tests that take the console for themselves run one after another, and beside no other.</summary>
[CollectionDefinition("console", DisableParallelization = true)]
public sealed class ConsoleAlone;
