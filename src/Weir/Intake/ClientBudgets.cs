using Weir.Core.Http.Forwarding;

namespace Weir.Intake;

/// <summary>
/// How much of unfinished bodies each client address has under way, so that one client cannot take all the room.
/// </summary>
internal sealed class ClientBudgets(IntakeOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ClientAddress, Share> _shares = [];

    /// <summary>Other bounds, for what comes from now on.</summary>
    public void Adopt(IntakeOptions next)
    {
        lock (_lock)
            options = next;
    }

    /// <summary>A body that did not come whole begins. False: this address has its fill.</summary>
    public bool TryBegin(ClientAddress client)
    {
        if (client.IsNone)
            return true;
        lock (_lock)
        {
            var share = _shares.GetValueOrDefault(client.BudgetKey);
            if (share.Bodies >= options.ClientBodiesMax || share.Bytes >= options.ClientBytesMax)
                return false;
            _shares[client.BudgetKey] = share with { Bodies = share.Bodies + 1 };
            return true;
        }
    }

    /// <summary>More bytes of a body that began. False: over the bound.</summary>
    public bool TryAdd(ClientAddress client, long bytes)
    {
        if (client.IsNone)
            return true;
        lock (_lock)
        {
            var share = _shares.GetValueOrDefault(client.BudgetKey);
            _shares[client.BudgetKey] = share with { Bytes = share.Bytes + bytes };
            return share.Bytes + bytes <= options.ClientBytesMax;
        }
    }

    /// <summary>The body is whole, or given up.</summary>
    public void End(ClientAddress client, long bytes)
    {
        if (client.IsNone)
            return;
        lock (_lock)
        {
            var share = _shares.GetValueOrDefault(client.BudgetKey);
            share = new Share(share.Bodies - 1, share.Bytes - bytes);
            if (share.Bodies <= 0)
                _shares.Remove(client.BudgetKey);
            else
                _shares[client.BudgetKey] = share;
        }
    }

    private readonly record struct Share(int Bodies, long Bytes);
}
