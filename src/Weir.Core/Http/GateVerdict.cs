namespace Weir.Core.Http;

/// <summary>What breaking one rule of the wire gate means.</summary>
/// <param name="Status">
/// Status for a client that broke the rule. Where the app broke it in a response, the client is answered 502 instead.
/// </param>
/// <param name="Name">Short name for logs, metrics and <c>--why</c>: lower case, with hyphens.</param>
/// <param name="Why">One sentence for a person, with the section it rests on.</param>
/// <param name="IsFraming">
/// True where two parsers may disagree about where the message ends, or where no meaning is left to go on with: refused
/// in report mode too.
/// </param>
/// <param name="ClosesConnection">True where nothing after this message can be trusted to be the next one.</param>
internal sealed record GateVerdict(int Status, string Name, string Why, bool IsFraming, bool ClosesConnection);
