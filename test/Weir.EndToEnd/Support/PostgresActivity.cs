namespace Weir.EndToEnd.Support;

/// <summary>One row of pg_stat_activity.</summary>
/// <param name="State">active, idle, idle in transaction, …</param>
/// <param name="Query">What it runs, or ran last.</param>
internal sealed record PostgresActivity(
    int Pid, string User, string State, bool IsInTransaction, string Query, string Application);
