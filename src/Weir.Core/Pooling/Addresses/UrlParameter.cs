namespace Weir.Core.Pooling.Addresses;

/// <summary>One parameter of a URL's query, decoded, and as it was written.</summary>
internal readonly record struct UrlParameter(string Name, string Value, string Raw)
{
    /// <summary>Null with the problem in words where the query cannot be decoded.</summary>
    public static List<UrlParameter>? ReadAll(string query, out string problem)
    {
        problem = "";
        var parameters = new List<UrlParameter>();
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var rawName = equals < 0 ? part : part[..equals];
            if (UrlText.Decode(rawName) is not { Length: > 0 } name
                || UrlText.Decode(equals < 0 ? "" : part[(equals + 1)..]) is not { } value)
            {
                problem = $"the query's parameter {parameters.Count + 1} is not percent-encoded rightly; "
                    + "write % as %25";
                return null;
            }

            parameters.Add(new UrlParameter(name, value, part));
        }

        return parameters;
    }
}
