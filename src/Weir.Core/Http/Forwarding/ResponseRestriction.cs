namespace Weir.Core.Http.Forwarding;

/// <summary>Why an app's head is not passed on: the client gets a 502 with code H25.</summary>
internal enum ResponseRestriction : byte
{
    None,
    OversizedStatusLine,
    OversizedHeader,
    OversizedCookie,
}
