using Weir.Core.Pooling.Messages;

namespace Weir.Fuzz;

/// <summary>
/// One body, read as each message: none reaches beyond it, and what was read, written again, is the same bytes.
/// </summary>
internal static class PgMessagesTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var isHeader = MessageHeader.TryRead(data, out _, out var bodyBytes);
        if (isHeader != data.Length >= MessageHeader.Bytes || bodyBytes < -1)
            throw new InvariantException("A header of another length.");
        // Files hold whole messages; mutated ones are also read from their first byte on.
        FuzzBody(data);
        if (data.Length > MessageHeader.Bytes)
            FuzzBody(data[MessageHeader.Bytes..]);
    }

    private static void FuzzBody(ReadOnlySpan<byte> body)
    {
        var writer = new PacketWriter();
        if (ParseMessage.TryRead(body, out var parse))
        {
            writer.Parse(parse.Name, parse.Text, parse.Types);
            Same(writer, body);
        }

        if (DescribeMessage.TryRead(body, out var describe))
        {
            writer.Describe(describe.Target, describe.Name);
            Same(writer, body);
        }

        if (ExecuteMessage.TryRead(body, out var portal) && portal.Length + 5 != body.Length)
            throw new InvariantException("An execute of another length.");
        FuzzBind(body, writer);
        FuzzServer(body, writer);
    }

    private static void FuzzBind(ReadOnlySpan<byte> body, PacketWriter writer)
    {
        var whole = BindMessage.TryRead(body, body.Length, out var bind);
        if (whole == PacketRead.More)
            throw new InvariantException("A whole body wants more.");
        if (whole == PacketRead.Broken)
            return;
        writer.Bind(bind.Portal, bind.Statement, body[bind.RestOffset..]);
        Same(writer, body);
        if (BindMessage.TryRead(body[..bind.RestOffset], body.Length, out var head) != PacketRead.Whole
            || head.RestOffset != bind.RestOffset
            || BindMessage.TryRead(body[..(bind.RestOffset - 1)], body.Length, out _) != PacketRead.More)
            throw new InvariantException("The head alone is read otherwise.");
    }

    private static void FuzzServer(ReadOnlySpan<byte> body, PacketWriter writer)
    {
        var error = PgError.Read(body);
        writer.Clear();
        writer.Error(error);
        if (PgError.Read(writer.Written[MessageHeader.Bytes..]) != error)
            throw new InvariantException("An error written again is another.");

        var row = new RowFields(body);
        var bytes = sizeof(ushort);
        while (row.TryNext(out var value, out var isNull))
        {
            bytes += sizeof(int) + value.Length;
            if (isNull && !value.IsEmpty)
                throw new InvariantException("NULL has no bytes.");
        }

        if (row.IsAtEnd && bytes != body.Length)
            throw new InvariantException("A row of another length.");
        if (ParameterStatusMessage.TryRead(body, out var status))
        {
            writer.Clear();
            writer.ParameterStatus(status.Name, status.Value);
            Same(writer, body);
        }

        if (BackendKeyMessage.TryRead(body, out var key))
        {
            writer.Clear();
            writer.BackendKeyData(key.ProcessId, key.Secret);
            Same(writer, body);
        }

        CommandTag.Read(body);
        TransactionStatus.TryRead(body, out _);
        PasswordMessage.TryRead(body, out _);
        if (AuthenticationRequest.TryRead(body, out var request))
            request.Offers("SCRAM-SHA-256");
        if (NegotiateMessage.Read(body) is { } negotiated && negotiated.Unknown.Count > body.Length)
            throw new InvariantException("More names than bytes.");
    }

    private static void Same(PacketWriter writer, ReadOnlySpan<byte> body)
    {
        if (!writer.Written[MessageHeader.Bytes..].SequenceEqual(body))
            throw new InvariantException("Written again, it is other bytes.");
        writer.Clear();
    }
}
