using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.State;

namespace Weir.Pooling;

/// <summary>What the house asked a server on its own account, within a client's lease, and what came back.</summary>
internal sealed class HouseAnswer
{
    public PgError? Error { get; private set; }
    public ReadBack? Rows { get; private set; }

    public void Ask(HouseQuestion question)
    {
        Error = null;
        if (question == HouseQuestion.ReadBack)
            Rows = new ReadBack();
    }

    /// <summary>A message of the answer.</summary>
    public void Hear(byte kind, ReadOnlySpan<byte> body)
    {
        if (kind != MessageKind.DataRow || Rows is null)
            return;
        var fields = new RowFields(body);
        if (fields.TryNext(out var what, out _) && fields.TryNext(out var name, out _)
            && fields.TryNext(out var value, out var isNull))
            Rows.Row(what, name, value, isNull);
    }

    public void Fail(PgError error) => Error ??= error;
}
