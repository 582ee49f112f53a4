namespace Weir.Pooling.Console;

/// <summary>The type of a console's column: PostgreSQL's number of it, as PgBouncer has it.</summary>
internal enum ConsoleType
{
    Text = 25,
    Int4 = 23,
    Int8 = 20,
    Numeric = 1700,
}
