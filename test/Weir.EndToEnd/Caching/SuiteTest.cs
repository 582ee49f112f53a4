using System.Text.Json.Serialization;

namespace Weir.EndToEnd.Caching;

/// <summary>One test of the public suite with its result, as PublicSuite/client.mjs prints it.</summary>
/// <param name="Kind">required, optimal or check.</param>
/// <param name="Depends">Ids of those that must have passed.</param>
/// <param name="What">Assertion, Setup, or the name of an error; empty where it passed.</param>
internal sealed record SuiteTest(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("suite")] string Suite,
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("depends")] IReadOnlyList<string> Depends,
    [property: JsonPropertyName("passed")] bool Passed,
    [property: JsonPropertyName("what")] string What,
    [property: JsonPropertyName("why")] string Why);
