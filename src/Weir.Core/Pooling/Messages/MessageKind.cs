namespace Weir.Core.Pooling.Messages;

/// <summary>
/// The first byte of each message but the startup packet (PostgreSQL's manual, "Message Formats"). Some bytes mean one
/// thing from the client and another from the server; where both names are of use, the server's begins with Server.
/// </summary>
internal static class MessageKind
{
    public const byte Query = (byte)'Q';
    public const byte Parse = (byte)'P';
    public const byte Bind = (byte)'B';
    public const byte Describe = (byte)'D';
    public const byte Execute = (byte)'E';
    public const byte Close = (byte)'C';
    public const byte Sync = (byte)'S';
    public const byte Flush = (byte)'H';
    public const byte FunctionCall = (byte)'F';

    /// <summary>Also SASLInitialResponse, SASLResponse and GSSResponse: what is due tells which.</summary>
    public const byte Password = (byte)'p';
    public const byte Terminate = (byte)'X';

    /// <summary>CopyData, CopyDone: of both sides.</summary>
    public const byte CopyData = (byte)'d';
    public const byte CopyDone = (byte)'c';
    public const byte CopyFail = (byte)'f';

    public const byte Authentication = (byte)'R';
    public const byte ParameterStatus = (byte)'S';
    public const byte BackendKeyData = (byte)'K';
    public const byte ReadyForQuery = (byte)'Z';
    public const byte RowDescription = (byte)'T';
    public const byte DataRow = (byte)'D';
    public const byte CommandComplete = (byte)'C';
    public const byte EmptyQuery = (byte)'I';
    public const byte Error = (byte)'E';
    public const byte Notice = (byte)'N';
    public const byte Notification = (byte)'A';
    public const byte ParseComplete = (byte)'1';
    public const byte BindComplete = (byte)'2';
    public const byte CloseComplete = (byte)'3';
    public const byte NoData = (byte)'n';
    public const byte ParameterDescription = (byte)'t';
    public const byte PortalSuspended = (byte)'s';
    public const byte CopyInResponse = (byte)'G';
    public const byte CopyOutResponse = (byte)'H';
    public const byte CopyBothResponse = (byte)'W';
    public const byte FunctionResult = (byte)'V';
    public const byte NegotiateVersion = (byte)'v';
}
