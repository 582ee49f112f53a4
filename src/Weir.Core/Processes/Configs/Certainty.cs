namespace Weir.Core.Processes.Configs;

/// <summary>Whether a statement runs, in the order of how sure it is.</summary>
internal enum Certainty
{
    No,
    Maybe,
    Yes,
}
