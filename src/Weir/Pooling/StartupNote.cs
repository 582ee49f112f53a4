using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.State;

namespace Weir.Pooling;

/// <summary>A startup packet that was read.</summary>
/// <param name="Bytes">All of it.</param>
/// <param name="Wish">The settings that it asks for, but those that are ignored.</param>
internal sealed record StartupNote(byte[] Bytes, StartupPacket Packet, SessionState Wish);
