using System.Text;
using Weir.Core.Pooling.Addresses;

namespace Weir.Fuzz;

/// <summary>
/// A URL is read or refused with a reason; what an app is given reads as it was meant, and people see no password.
/// </summary>
internal static class DatabaseUrlTarget
{
    private const string Given = "pw:/?#[]@%é";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var text = Encoding.UTF8.GetString(data);
        var url = DatabaseUrl.Parse(text, out var problem);
        if (url is null == (problem.Length == 0) || (url is not null && !DatabaseUrl.Names(text)))
            throw new InvariantException("A refusal and its reason come together.");
        if (url is null)
            return;
        if (url.Hosts.Any(pair => pair.Host.Length == 0 || pair.Port is < 1 or > 65535) || url.Port is < 1 or > 65535)
            throw new InvariantException("No host is such.");
        if (url.Hosts.Count > 0 && url.SocketDirectory is not null)
            throw new InvariantException("Two ways to go.");
        var shown = DatabaseUrl.Parse(url.Redacted, out problem);
        if (shown is null || shown.Password is not (null or "***") || shown.User != url.User)
            throw new InvariantException($"What people see is not the same URL: {url.Redacted} {problem}");

        var app = DatabaseUrl.Parse(url.ForApp("::1", 6543, Given), out problem);
        if (app is null)
            throw new InvariantException($"No app could read what it is given: {problem}");
        if (app.User != url.User || app.Password != Given || app.Scheme != url.Scheme || app.Database != url.Database
            || app.Hosts is not [("::1", 6543)] || app.SslMode is not (PgSslMode.Disable or PgSslMode.Prefer))
            throw new InvariantException("The app is given something else.");
    }
}
