using Weir.Core.Pooling.State;

namespace Weir.Pooling;

/// <param name="State">The settings that the client asked for, as the server gave them back.</param>
/// <param name="Messages">ParameterStatus messages for it.</param>
internal sealed record LoginFacts(SessionState State, byte[] Messages);
