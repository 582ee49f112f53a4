namespace Weir.Sim;

/// <summary>What happens at a moment. Of one moment, what ends comes before what begins.</summary>
internal enum SimEventKind : byte
{
    /// <summary>A worker is done with a request.</summary>
    Done,

    /// <summary>A router hears that a request it sent is answered.</summary>
    Told,

    /// <summary>An instance dies with all that it has.</summary>
    Crash,

    /// <summary>The routers learn that an instance is gone.</summary>
    Noticed,

    /// <summary>An instance that booted can take requests.</summary>
    Booted,

    /// <summary>An instance is to finish what it has and to be started anew.</summary>
    Renew,

    /// <summary>A router's timer is due.</summary>
    Timer,

    /// <summary>A router asks for slots that came free elsewhere.</summary>
    Poll,

    /// <summary>The app has not answered in time.</summary>
    TimedOut,

    /// <summary>A slot was abandoned for too long.</summary>
    Stuck,

    /// <summary>A client will not wait any longer.</summary>
    Impatient,

    /// <summary>A request reaches the instance it was leased to.</summary>
    Reached,

    /// <summary>A connection that found the accept queue full tries again, or is given up.</summary>
    Knocked,

    /// <summary>A request is whole: it comes to its router.</summary>
    Whole,
}
