using Weir.Core.Http;

namespace Weir.Fuzz;

/// <summary>
/// A chunked body reads the same however it is cut, and what was read, coded again by the writer, reads as the same
/// payload.
/// </summary>
internal static class ChunkedTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var whole = Read(data, int.MaxValue);
        foreach (var piece in (ReadOnlySpan<int>)[1, 2, 3, 7])
        {
            var parts = Read(data, piece);
            // A refusal need not keep the payload before it, and may come with more or less of it.
            var isSame = whole.Result == parts.Result && whole.Fault == parts.Fault && whole.Trailers == parts.Trailers
                && (whole.Result == ParseResult.Refused
                    || (whole.Payload.SequenceEqual(parts.Payload) && whole.Consumed == parts.Consumed));
            if (!isSame)
                throw new InvariantException($"In pieces of {piece}: {parts.Result} {parts.Fault}, not {whole}.");
        }

        if (whole.Result == ParseResult.Refused == (whole.Fault == GateRule.None))
            throw new InvariantException("A refusal and its rule come together.");
        if (whole.Result == ParseResult.Complete)
            CheckAccepted(whole);
    }

    private static void CheckAccepted(Reading whole)
    {
        var fields = new HeadFields();
        var trailers = System.Text.Encoding.Latin1.GetBytes(whole.Trailers);
        if (!TrailerFields.Parse(trailers, fields))
            throw new InvariantException("Kept trailers are not fields.");

        var coded = new List<byte>();
        var size = new byte[ChunkedWriter.HeadBytesMax];
        if (whole.Payload.Length > 0)
        {
            coded.AddRange(size.AsSpan(0, ChunkedWriter.WriteHead(size, whole.Payload.Length)));
            coded.AddRange(whole.Payload);
            coded.AddRange(ChunkedWriter.Tail);
        }

        coded.AddRange(ChunkedWriter.Last);
        var again = Read(coded.ToArray(), int.MaxValue);
        if (again.Result != ParseResult.Complete || !again.Payload.SequenceEqual(whole.Payload))
            throw new InvariantException("What the writer writes is read otherwise.");
    }

    private static Reading Read(ReadOnlySpan<byte> data, int piece)
    {
        var reader = new ChunkedReader(new byte[GateLimits.Default.TrailerBytesMax]);
        var payload = new List<byte>();
        var at = 0;
        var result = ParseResult.Incomplete;
        var fault = GateRule.None;
        while (at < data.Length && result == ParseResult.Incomplete)
        {
            var next = data.Slice(at, Math.Min(piece, data.Length - at));
            result = reader.Read(next, GateLimits.Default, out var consumed, out var part, out fault);
            if (consumed == 0 && result == ParseResult.Incomplete)
                throw new InvariantException("Nothing was taken, and nothing said.");
            if (consumed > next.Length)
                throw new InvariantException("More was taken than given.");
            payload.AddRange(part);
            at += consumed;
        }

        var trailers = result == ParseResult.Complete ? System.Text.Encoding.Latin1.GetString(reader.Trailers) : "";
        return new Reading(result, fault, payload.ToArray(), trailers, at);
    }

    private sealed record Reading(ParseResult Result, GateRule Fault, byte[] Payload, string Trailers, int Consumed);
}
