using System.Text;
using System.Text.Json;
using Weir.Control;

namespace Weir.Verbs;

/// <summary><c>weir status [--json]</c>: one look at a running Weir.</summary>
internal static class StatusVerb
{
    public static Task<int> RunAsync(
        string? admin, bool json, TextWriter output, TextWriter error, CancellationToken cancel = default) =>
        AdminVerb.RunAsync("status", admin, error, async client =>
        {
            var status = await client.GetAsync("/status", cancel).ConfigureAwait(false);
            if (json)
            {
                await output.WriteLineAsync(Encoding.UTF8.GetString(status)).ConfigureAwait(false);
                return;
            }
            var house = Read(status, client.Where);
            await output.WriteAsync(StatusText.Render(house)).ConfigureAwait(false);
        });

    private static HouseSnapshot Read(byte[] status, string where)
    {
        try
        {
            return JsonSerializer.Deserialize(status, ControlJson.Default.HouseSnapshot)!;
        }
        catch (JsonException)
        {
            throw new AdminException($"{where} did not answer as a Weir does: is that its admin address?");
        }
    }
}
