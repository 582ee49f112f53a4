namespace Weir.Core.Http;

/// <summary>Methods Weir tells apart; any other token is <see cref="Other"/> and passes through.</summary>
internal enum HttpVerb : byte
{
    Other,
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Options,
    Trace,
    Connect,
}
