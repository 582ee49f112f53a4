namespace Weir.Core.Pooling.Sql;

/// <summary>A place in a text where a prepared statement is named.</summary>
/// <param name="Start">Where the name begins, its quotes included.</param>
/// <param name="End">Behind it.</param>
/// <param name="Name">As the server looks it up; empty for every name.</param>
internal readonly record struct StatementUse(StatementUseKind Kind, int Start, int End, string Name);
