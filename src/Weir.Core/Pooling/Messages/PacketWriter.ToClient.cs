using System.Text;

namespace Weir.Core.Pooling.Messages;

/// <summary>The messages of a server.</summary>
internal sealed partial class PacketWriter
{
    private const int TextType = 25;

    /// <param name="status">Of <see cref="TransactionStatus"/>.</param>
    public void ReadyForQuery(byte status)
    {
        var into = Take(MessageHeader.Bytes + 1);
        "Z\0\0\0\u0005"u8.CopyTo(into);
        into[^1] = status;
    }

    public void ParseComplete() => Raw("1\0\0\0\u0004"u8);

    public void BindComplete() => Raw("2\0\0\0\u0004"u8);

    public void CloseComplete() => Raw("3\0\0\0\u0004"u8);

    public void NoData() => Raw("n\0\0\0\u0004"u8);

    public void EmptyQuery() => Raw("I\0\0\0\u0004"u8);

    public void CommandComplete(ReadOnlySpan<byte> tag)
    {
        Begin(MessageKind.CommandComplete);
        TextBytes(tag);
        End();
    }

    public void ParameterStatus(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Begin(MessageKind.ParameterStatus);
        TextBytes(name);
        TextBytes(value);
        End();
    }

    /// <param name="secret">4 bytes with protocol 3.0, 4 to 256 with 3.2.</param>
    public void BackendKeyData(int processId, ReadOnlySpan<byte> secret)
    {
        Begin(MessageKind.BackendKeyData);
        Int32(processId);
        Bytes(secret);
        End();
    }

    public void Error(PgError error) => WriteFields(MessageKind.Error, error);

    public void Notice(PgError notice) => WriteFields(MessageKind.Notice, notice);

    public void AuthenticationOk() => WriteAuthentication(AuthenticationRequest.Ok, default);

    public void AuthenticationCleartext() => WriteAuthentication(AuthenticationRequest.Cleartext, default);

    /// <param name="salt">Four bytes.</param>
    public void AuthenticationMd5(ReadOnlySpan<byte> salt) => WriteAuthentication(AuthenticationRequest.Md5, salt);

    /// <param name="isPlusOffered">SCRAM-SHA-256-PLUS stands first, as PostgreSQL offers it.</param>
    public void AuthenticationSasl(bool isPlusOffered) => WriteAuthentication(
        AuthenticationRequest.Sasl,
        isPlusOffered ? "SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"u8 : "SCRAM-SHA-256\0\0"u8);

    public void AuthenticationSaslContinue(ReadOnlySpan<byte> data) =>
        WriteAuthentication(AuthenticationRequest.SaslContinue, data);

    public void AuthenticationSaslFinal(ReadOnlySpan<byte> data) =>
        WriteAuthentication(AuthenticationRequest.SaslFinal, data);

    /// <param name="minor">The newest that we speak.</param>
    /// <param name="unknown">The _pq_. options that we do not know.</param>
    public void NegotiateVersion(int minor, IReadOnlyList<string> unknown)
    {
        Begin(MessageKind.NegotiateVersion);
        // The whole version: libpq takes the number as the one of the startup packet.
        Int32((ProtocolMajor << 16) | minor);
        Int32(unknown.Count);
        for (var index = 0; index < unknown.Count; index++)
            Text(unknown[index]);
        End();
    }

    /// <summary>Columns of text, for rows that Weir makes itself.</summary>
    public void RowDescription(IReadOnlyList<string> names)
    {
        Begin(MessageKind.RowDescription);
        Int16(checked((short)names.Count));
        for (var index = 0; index < names.Count; index++)
        {
            Text(names[index]);
            Int32(0);
            Int16(0);
            Int32(TextType);
            Int16(-1);
            Int32(-1);
            Int16(0);
        }

        End();
    }

    /// <summary>One row of text; null is NULL.</summary>
    public void DataRow(IReadOnlyList<string?> values)
    {
        Begin(MessageKind.DataRow);
        Int16(checked((short)values.Count));
        for (var index = 0; index < values.Count; index++)
            WriteColumn(values[index]);
        End();
    }

    private void WriteColumn(string? value)
    {
        if (value is null)
        {
            Int32(-1);
            return;
        }

        var bytes = Encoding.UTF8.GetByteCount(value);
        Int32(bytes);
        Encoding.UTF8.GetBytes(value, Take(bytes));
    }

    private void WriteAuthentication(int code, ReadOnlySpan<byte> data)
    {
        Begin(MessageKind.Authentication);
        Int32(code);
        Bytes(data);
        End();
    }

    private void WriteFields(byte kind, PgError error)
    {
        Begin(kind);
        WriteField((byte)'S', error.Severity);
        WriteField((byte)'V', error.Severity);
        WriteField((byte)'C', error.Code);
        WriteField((byte)'M', error.Message);
        if (error.Detail is not null)
            WriteField((byte)'D', error.Detail);
        if (error.Hint is not null)
            WriteField((byte)'H', error.Hint);
        if (error.Routine is not null)
            WriteField((byte)'R', error.Routine);
        Byte(0);
        End();
    }

    private void WriteField(byte field, string value)
    {
        Byte(field);
        Text(value);
    }
}
