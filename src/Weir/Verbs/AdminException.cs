namespace Weir.Verbs;

/// <summary>A running Weir could not be spoken to, or refused; the message is one line for a person.</summary>
internal sealed class AdminException(string message) : Exception(message);
