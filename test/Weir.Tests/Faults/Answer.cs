using System.Globalization;

namespace Weir.Tests.Faults;

/// <summary>An answer as a client read it.</summary>
internal sealed class Answer : IDisposable
{
    private readonly MemoryStream _body = new();
    private string _head = "";

    public int Status { get; private set; }

    /// <summary>All of it came, by its own framing.</summary>
    public bool IsWhole { get; private set; }

    public bool Closes { get; private set; }

    public byte[] Body => _body.ToArray();

    /// <summary>Reads 1xx heads away and then one answer; null where the connection ended before it.</summary>
    /// <param name="pace">Called before each piece of the body is taken.</param>
    public static async Task<Answer?> ReadAsync(RawConnection from, bool isHead, Func<Task>? pace = null)
    {
        var answer = new Answer();
        do
        {
            if (await from.ReadHeadAsync() is not { } head)
                return null;
            answer._head = head;
            answer.Status = head.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)
                ? int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture)
                : throw new InvalidDataException($"no status line: {head}");
        }
        while (answer.Status is >= 100 and < 200 and not 101);
        answer.Closes = answer.Field("Connection").Contains("close", StringComparison.OrdinalIgnoreCase);
        if (pace is not null)
            await pace();
        await answer.ReadBodyAsync(from, isHead);
        return answer;
    }

    public void Dispose() => _body.Dispose();

    public string Field(string name)
    {
        foreach (var line in _head.Split('\n'))
        {
            if (line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
                return line[(name.Length + 1)..].Trim();
        }

        return "";
    }

    private async Task ReadBodyAsync(RawConnection from, bool isHead)
    {
        if (isHead || Status is 101 or 204 or 304)
        {
            IsWhole = true;
            return;
        }

        try
        {
            if (Field("Transfer-Encoding").Length > 0)
            {
                IsWhole = await from.ReadChunksAsync(Take);
                return;
            }

            var length = Field("Content-Length");
            var count = length.Length == 0 ? -1 : long.Parse(length, CultureInfo.InvariantCulture);
            var taken = await from.ReadBytesAsync(count, Take);
            IsWhole = count < 0 || taken == count;
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Reset in the middle: what came, came.
        }
    }

    private void Take(ReadOnlyMemory<byte> bytes) => _body.Write(bytes.Span);
}
