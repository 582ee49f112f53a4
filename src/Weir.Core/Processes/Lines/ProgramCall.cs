namespace Weir.Core.Processes.Lines;

/// <summary>A program that a line comes to, with all that only starts it taken off.</summary>
/// <param name="Program">Its name without folder and version: "gunicorn", "rails", "manage.py".</param>
/// <param name="Arguments">What follows.</param>
/// <param name="Folder">Where it runs, relative to the app's folder; empty = there.</param>
/// <param name="IsBranch">Whether it runs is decided while the line runs.</param>
internal sealed record ProgramCall(
    string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, string Folder,
    bool IsBranch);
