namespace Weir.Core.Pooling.Addresses;

/// <summary>Stands in for the reader of the branch pool-proto, which takes this file's place.</summary>
public sealed record DatabaseUrl
{
    public string Scheme { get; init; } = "postgres";
    public string User { get; init; } = "";
    public string Password { get; init; } = "";
    public IReadOnlyList<(string Host, int Port)> Hosts { get; init; } = [];
    public string Database { get; init; } = "";
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];
    public string? SocketDirectory { get; init; }

    public string Redacted => $"{Scheme}://{User}:***@{Hosts[0].Host}/{Database}";

    public string ForApp(string host, int port, string password) =>
        $"{Scheme}://{User}:{password}@{host}:{port}/{Database}";

    public static bool Names(string text) => text.StartsWith("postgres", StringComparison.Ordinal);

    public static DatabaseUrl? Parse(string text, out string problem)
    {
        problem = "";
        return Names(text) && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            ? new DatabaseUrl
            {
                User = uri.UserInfo.Split(':')[0],
                Password = uri.UserInfo.Contains(':', StringComparison.Ordinal) ? uri.UserInfo.Split(':')[1] : "",
                Hosts = [(uri.Host, uri.Port > 0 ? uri.Port : 5432)],
                Database = uri.AbsolutePath.Trim('/'),
            }
            : null;
    }
}
