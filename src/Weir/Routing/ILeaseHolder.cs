using Weir.Core.Routing;

namespace Weir.Routing;

/// <summary>What routing needs of an exchange: somewhere to put the one command that ends each wait.</summary>
internal interface ILeaseHolder
{
    /// <summary>
    /// A command from another's step. May come on any thread and late; exactly one comes for each wait, so the holder
    /// keeps it and looks when it is woken.
    /// </summary>
    void Deliver(in RoutingCommand command);
}
