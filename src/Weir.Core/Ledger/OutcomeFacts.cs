namespace Weir.Core.Ledger;

/// <summary>All that follows from an <see cref="Outcome"/>; the table is in <see cref="Outcomes"/>.</summary>
/// <param name="Code">"H12" (Heroku's) or "W11" (ours); empty where nothing went wrong.</param>
/// <param name="Status">What the client is sent where no answer has begun; 0 = nothing is sent by Weir.</param>
/// <param name="Description">The log line's <c>desc=</c>.</param>
/// <param name="Term">Who ended it, and in which phase; "?" as the second letter = the phase it ended in.</param>
/// <param name="Level">The log line's <c>at=</c>.</param>
/// <param name="Sock">The log line's <c>sock=</c>: whose socket broke ("client" or "backend"); empty otherwise.</param>
/// <param name="Help">One sentence for the body of Weir's own answer: what happened, and what to do.</param>
internal sealed record OutcomeFacts(
    string Code,
    int Status,
    string Description,
    string Term,
    OutcomeLevel Level,
    string Sock,
    string Help);
