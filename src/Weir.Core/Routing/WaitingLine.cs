namespace Weir.Core.Routing;

/// <summary>The neighbours of a ticket in a line; −1 at the ends.</summary>
internal struct Link
{
    public int Previous;
    public int Next;

    public void Pass(StateBytes state)
    {
        state.Pass(ref Previous);
        state.Pass(ref Next);
    }
}

/// <summary>A line of tickets, linked through an array that all lines of a kind share: each step is O(1).</summary>
internal sealed class WaitingLine
{
    public int Head { get; private set; } = -1;

    public int Tail { get; private set; } = -1;

    public int Count { get; private set; }

    public void Pass(StateBytes state)
    {
        Head = state.Through(Head);
        Tail = state.Through(Tail);
        Count = state.Through(Count);
    }

    public void Append(Link[] links, int ticket) => InsertBefore(links, ticket, -1);

    /// <summary>Puts the ticket before another one; at the end where that is −1.</summary>
    public void InsertBefore(Link[] links, int ticket, int before)
    {
        var previous = before < 0 ? Tail : links[before].Previous;
        links[ticket] = new Link { Previous = previous, Next = before };
        if (previous < 0)
            Head = ticket;
        else
            links[previous].Next = ticket;
        if (before < 0)
            Tail = ticket;
        else
            links[before].Previous = ticket;
        Count++;
    }

    public void Remove(Link[] links, int ticket)
    {
        var link = links[ticket];
        if (link.Previous < 0)
            Head = link.Next;
        else
            links[link.Previous].Next = link.Next;
        if (link.Next < 0)
            Tail = link.Previous;
        else
            links[link.Next].Previous = link.Previous;
        Count--;
    }
}
