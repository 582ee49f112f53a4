using Weir.Core.Pooling.Secrets;

namespace Weir.Pooling;

/// <summary>The gate's options with the files they name, read once.</summary>
/// <param name="Users">Null where no list is given.</param>
internal sealed record GateFacts(PoolOptions Options, UserList? Users, PoolCertificate? Certificate)
{
    /// <exception cref="FormatException">A file cannot be used; the message names it.</exception>
    public static GateFacts Read(PoolOptions options) =>
        new(options, ReadUsers(options.AuthFile), PoolCertificate.Read(options));

    private static UserList? ReadUsers(string file)
    {
        if (file.Length == 0)
            return null;
        try
        {
            var faults = new List<string>();
            var users = UserList.Read(File.ReadAllText(file), faults);
            return faults.Count == 0 ? users
                : throw new FormatException($"pool.auth-file {file}: {string.Join("; ", faults)}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"pool.auth-file {file}: {fault.Message}", fault);
        }
    }
}
