namespace Weir.Core.Pooling.Messages;

/// <summary>The messages of a client.</summary>
internal sealed partial class PacketWriter
{
    private const int ProtocolMajor = 3;

    /// <summary>The head of a message whose body the caller sends behind it.</summary>
    public void Header(byte kind, int bodyBytes)
    {
        Byte(kind);
        Int32(sizeof(int) + bodyBytes);
    }

    /// <summary>Simple Query.</summary>
    public void Query(ReadOnlySpan<byte> sql)
    {
        Begin(MessageKind.Query);
        TextBytes(sql);
        End();
    }

    public void Query(string sql)
    {
        Begin(MessageKind.Query);
        Text(sql);
        End();
    }

    /// <param name="types">The count and the type numbers as on the wire: <see cref="ParseMessage.Types"/>.</param>
    public void Parse(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text, ReadOnlySpan<byte> types)
    {
        Begin(MessageKind.Parse);
        TextBytes(name);
        TextBytes(text);
        Bytes(types);
        End();
    }

    /// <param name="rest">What follows the two names, from <see cref="BindMessage.RestOffset"/> on.</param>
    public void Bind(ReadOnlySpan<byte> portal, ReadOnlySpan<byte> statement, ReadOnlySpan<byte> rest)
    {
        Begin(MessageKind.Bind);
        TextBytes(portal);
        TextBytes(statement);
        Bytes(rest);
        End();
    }

    /// <param name="target">'S' a statement, 'P' a portal.</param>
    public void Describe(byte target, ReadOnlySpan<byte> name)
    {
        Begin(MessageKind.Describe);
        Byte(target);
        TextBytes(name);
        End();
    }

    /// <param name="target">'S' a statement, 'P' a portal.</param>
    public void Close(byte target, ReadOnlySpan<byte> name)
    {
        Begin(MessageKind.Close);
        Byte(target);
        TextBytes(name);
        End();
    }

    /// <param name="rowsMax">0: all.</param>
    public void Execute(ReadOnlySpan<byte> portal, int rowsMax = 0)
    {
        Begin(MessageKind.Execute);
        TextBytes(portal);
        Int32(rowsMax);
        End();
    }

    public void Sync() => Raw("S\0\0\0\u0004"u8);

    public void Flush() => Raw("H\0\0\0\u0004"u8);

    public void Terminate() => Raw("X\0\0\0\u0004"u8);

    public void CopyDone() => Raw("c\0\0\0\u0004"u8);

    public void CopyFail(string reason)
    {
        Begin(MessageKind.CopyFail);
        Text(reason);
        End();
    }

    /// <summary>A password in the clear, or MD5's answer.</summary>
    public void Password(string password)
    {
        Begin(MessageKind.Password);
        Text(password);
        End();
    }

    /// <param name="data">The client-first-message.</param>
    public void SaslInitialResponse(string mechanism, ReadOnlySpan<byte> data)
    {
        Begin(MessageKind.Password);
        Text(mechanism);
        Int32(data.Length);
        Bytes(data);
        End();
    }

    /// <param name="data">The client-final-message.</param>
    public void SaslResponse(ReadOnlySpan<byte> data)
    {
        Begin(MessageKind.Password);
        Bytes(data);
        End();
    }

    /// <summary>Protocol 3.<paramref name="minor"/>.</summary>
    public void Startup(int minor, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        BeginUntyped();
        Int32((ProtocolMajor << 16) | minor);
        for (var index = 0; index < parameters.Count; index++)
        {
            // An empty name would end the list.
            if (parameters[index].Key.Length == 0)
                continue;
            Text(parameters[index].Key);
            Text(parameters[index].Value);
        }

        Byte(0);
        End();
    }

    public void SslRequest()
    {
        BeginUntyped();
        Int32(StartupReader.SslCode);
        End();
    }

    /// <param name="secret">4 to 256 bytes.</param>
    public void CancelRequest(int processId, ReadOnlySpan<byte> secret)
    {
        BeginUntyped();
        Int32(StartupReader.CancelCode);
        Int32(processId);
        Bytes(secret);
        End();
    }
}
