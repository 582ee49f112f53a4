using System.Text;
using Weir.Core.Caching.Shared;

namespace Weir.Fuzz;

/// <summary>A Redis URL: read, or a problem that holds nothing of the password.</summary>
internal static class RedisUrlTarget
{
    private const int SecretLengthMin = 8;

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var text = Encoding.UTF8.GetString(data);
        var url = RedisUrl.Read(text, out var problem);
        if (url is null != problem.Length > 0)
            throw new InvariantException("A URL with a problem, or neither.");
        if (url is null)
        {
            var colon = text.LastIndexOf(':');
            if (colon >= 0 && text.Length - colon > SecretLengthMin
                && problem.Contains(text[(colon + 1)..], StringComparison.Ordinal))
                throw new InvariantException("A problem that quotes.");
            return;
        }

        if (url.Port is < 1 or > 65535 || url.SocketPath is null == (url.Host.Length == 0))
            throw new InvariantException("A URL to nowhere.");
        if (url.Password is { Length: >= SecretLengthMin } secret && secret != url.User
            && !url.Host.Contains(secret, StringComparison.Ordinal)
            && url.SocketPath?.Contains(secret, StringComparison.Ordinal) != true
            && url.ToString().Contains(secret, StringComparison.Ordinal)
            && !url.User.Contains(secret, StringComparison.Ordinal))
            throw new InvariantException("It shows its password.");
    }
}
