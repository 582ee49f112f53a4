using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Weir.EndToEnd.Support;

/// <summary>
/// Messages of a PostgreSQL client, one after the other in one buffer: sent whole, or cut anywhere by tests that do so.
/// </summary>
internal sealed class PgBatch
{
    private const int Protocol30 = 196608;
    private const int CancelCode = 80877102;
    private const int SslCode = 80877103;
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly List<int> _ends = [];

    private static ReadOnlySpan<byte> End => [0];

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>Where each message ends.</summary>
    public IReadOnlyList<int> Ends => _ends;

    public PgBatch Startup(string user, string database, params (string Name, string Value)[] more) =>
        StartupAs(Protocol30, [("user", user), ("database", database), .. more]);

    public PgBatch StartupAs(int version, params (string Name, string Value)[] parameters) => Message('\0', body =>
    {
        Int32(body, version);
        foreach (var (name, value) in parameters)
        {
            Text(body, name);
            Text(body, value);
        }

        body.Write(End);
    });

    public PgBatch Ssl() => Message('\0', body => Int32(body, SslCode));

    public PgBatch Cancel(int pid, byte[] secret) => Message('\0', body =>
    {
        Int32(body, CancelCode);
        Int32(body, pid);
        body.Write(secret);
    });

    public PgBatch Password(string text) => Message('p', body => Text(body, text));

    public PgBatch Query(string sql) => Message('Q', body => Text(body, sql));

    public PgBatch Parse(string name, string text, params int[] types) => Message('P', body =>
    {
        Text(body, name);
        Text(body, text);
        Int16(body, types.Length);
        foreach (var type in types) Int32(body, type);
    });

    /// <summary>Parameters and results as text.</summary>
    public PgBatch Bind(string portal, string statement, params string?[] values) => Message('B', body =>
    {
        Text(body, portal);
        Text(body, statement);
        Int16(body, 0);
        Int16(body, values.Length);
        foreach (var value in values)
        {
            var bytes = value is null ? null : Encoding.UTF8.GetBytes(value);
            Int32(body, bytes?.Length ?? -1);
            body.Write(bytes);
        }

        Int16(body, 0);
    });

    /// <param name="target">S for a statement, P for a portal.</param>
    public PgBatch Describe(char target, string name = "") => Named('D', target, name);

    public PgBatch Close(char target, string name) => Named('C', target, name);

    public PgBatch Execute(string portal = "", int rowsMax = 0) => Message('E', body =>
    {
        Text(body, portal);
        Int32(body, rowsMax);
    });

    public PgBatch Sync() => Message('S', _ => { });
    public PgBatch Flush() => Message('H', _ => { });
    public PgBatch CopyData(string text) => Message('d', body => body.Write(Encoding.UTF8.GetBytes(text)));
    public PgBatch CopyDone() => Message('c', _ => { });
    public PgBatch CopyFail(string why) => Message('f', body => Text(body, why));
    public PgBatch Terminate() => Message('X', _ => { });

    /// <summary>Parse, Bind, Describe, Execute of the unnamed statement, and Sync.</summary>
    public PgBatch Extended(string text, params string?[] values) =>
        Parse("", text).Bind("", "", values).Describe('P').Execute().Sync();

    private PgBatch Named(char kind, char target, string name) => Message(kind, body =>
    {
        body.Write((ReadOnlySpan<byte>)[(byte)target]);
        Text(body, name);
    });

    /// <param name="kind">NUL for the untyped packets of a start.</param>
    private PgBatch Message(char kind, Action<ArrayBufferWriter<byte>> fill)
    {
        var body = new ArrayBufferWriter<byte>();
        fill(body);
        if (kind != '\0') _bytes.Write((ReadOnlySpan<byte>)[(byte)kind]);
        Int32(_bytes, body.WrittenCount + 4);
        _bytes.Write(body.WrittenSpan);
        _ends.Add(_bytes.WrittenCount);
        return this;
    }

    private static void Text(ArrayBufferWriter<byte> to, string text)
    {
        to.Write(Encoding.UTF8.GetBytes(text));
        to.Write(End);
    }

    private static void Int32(ArrayBufferWriter<byte> to, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        to.Write(bytes);
    }

    private static void Int16(ArrayBufferWriter<byte> to, int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, (short)value);
        to.Write(bytes);
    }
}
