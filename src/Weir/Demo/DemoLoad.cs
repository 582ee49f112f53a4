using System.Globalization;
using System.Net;
using System.Text.Json;
using Weir.Beat;

namespace Weir.Demo;

/// <summary>
/// All clients of a demo, in a process of their own: what they cost and how they wait has nothing to do with Weir's
/// threads. Prints both sides' figures as lines of JSON, and ends when its time is up or nobody reads them.
/// </summary>
internal static class DemoLoad
{
    public const string Verb = "__load";
    public const int SlowEach = 6;
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>The words that start it.</summary>
    /// <param name="seconds">0 = until it is ended.</param>
    /// <param name="isSample">False: the user's own app, which has neither of the sample's paths.</param>
    public static string[] Words(string direct, string through, int seconds, bool isSample) =>
        [Verb, direct, through, seconds.ToString(CultureInfo.InvariantCulture), isSample ? "sample" : "own"];

    public static async Task<int> RunAsync(string[] words)
    {
        var seconds = int.Parse(words[3], CultureInfo.InvariantCulture);
        var isSample = words[4] == "sample";
        var sides = new[] { IPEndPoint.Parse(words[1]), IPEndPoint.Parse(words[2]) };
        var began = Clock.Now;
        var clients = Array.ConvertAll(sides, side => new OrdinaryClients(side));
        foreach (var one in clients)
            _ = one.RunAsync(began);
        foreach (var side in sides)
        {
            for (var index = 0; index < SlowEach; index++)
            {
                var uploader = new SlowUploader(side, isSample ? SampleWorker.UploadPath : "/", UploadBytes(seconds));
                var reader = new SlowReader(side, isSample ? SampleWorker.LargePath : "/");
                _ = uploader.RunAsync(ComesAfter(2 * index, seconds));
                _ = reader.RunAsync(ComesAfter(2 * index + 1, seconds));
            }
        }

        return await ReportAsync(clients, began, seconds).ConfigureAwait(false);
    }

    /// <summary>
    /// 1 MiB, which takes 10 s, or less where the demo is shorter than a few such uploads: one of them must end
    /// within it.
    /// </summary>
    public static int UploadBytes(int seconds) =>
        seconds == 0 ? SlowUploader.BytesMax
            : (int)Math.Clamp(SlowPace.BytesPerSecond * (seconds * 0.35), 64 * 1024, SlowUploader.BytesMax);

    /// <summary>The slow ones drop in one after the other: within 6 s, or the first third of a short demo.</summary>
    private static TimeSpan ComesAfter(int order, int seconds)
    {
        var span = seconds == 0 ? 6 : Math.Min(6, seconds / 3.0);
        return TimeSpan.FromSeconds(span * (order + 1) / (2 * SlowEach + 1));
    }

    private static async Task<int> ReportAsync(OrdinaryClients[] clients, long began, int seconds)
    {
        var output = Console.OpenStandardOutput();
        while (true)
        {
            var elapsed = (Clock.Now - began) / 1e6;
            var isLast = seconds > 0 && elapsed >= seconds;
            var figures = new DemoFigures
            {
                Seconds = elapsed,
                Direct = clients[0].Figures(Clock.Now),
                Through = clients[1].Figures(Clock.Now),
            };
            try
            {
                var line = JsonSerializer.SerializeToUtf8Bytes(figures, DemoJson.Default.DemoFigures);
                output.Write([.. line, (byte)'\n']);
            }
            catch (IOException)
            {
                return 0;
            }

            if (isLast)
                return 0;
            await Task.Delay(ReportEvery).ConfigureAwait(false);
        }
    }
}
