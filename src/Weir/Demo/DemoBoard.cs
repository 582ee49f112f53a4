using System.Globalization;
using Spectre.Console;

namespace Weir.Demo;

/// <summary>Shows the figures while they come: a table on a terminal, a plain line each 5 s elsewhere.</summary>
internal static class DemoBoard
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(250);

    /// <param name="latest">The newest figures; null before the first.</param>
    /// <param name="end">Ends the board.</param>
    public static Task ShowAsync(Func<DemoFigures?> latest, Task end)
    {
        var able = AnsiConsole.Profile.Capabilities;
        return able.Ansi && able.Interactive && !Console.IsOutputRedirected
            ? TableAsync(latest, end)
            : LinesAsync(latest, end);
    }

    /// <summary>"  5 s   direct p50 2.1 s, p95 &gt; 4.8 s   through Weir p50 23 ms, p95 26 ms".</summary>
    public static string Line(DemoFigures figures) => string.Create(CultureInfo.InvariantCulture,
        $"{figures.Seconds,4:0} s   direct {Side(figures.Direct)}   through Weir {Side(figures.Through)}");

    private static string Side(SideFigures side) => string.Create(CultureInfo.InvariantCulture,
        $"p50 {side.Median}, p95 {side.P95} ({side.Answered} answered, {side.Waiting} wait)");

    private static async Task LinesAsync(Func<DemoFigures?> latest, Task end)
    {
        var told = 0.0;
        while (!end.IsCompleted)
        {
            await Task.WhenAny(end, Task.Delay(LineEvery)).ConfigureAwait(false);
            // The last figures may be no newer than the line before.
            if (latest() is { } figures && figures.Seconds > told + 1)
            {
                told = figures.Seconds;
                Console.Out.WriteLine(Line(figures));
            }
        }
    }

    private static Task TableAsync(Func<DemoFigures?> latest, Task end) =>
        AnsiConsole.Live(Table(latest() ?? new DemoFigures())).StartAsync(async live =>
        {
            while (!end.IsCompleted)
            {
                await Task.WhenAny(end, Task.Delay(Redraw)).ConfigureAwait(false);
                if (latest() is { } figures)
                    live.UpdateTarget(Table(figures));
            }
        });

    private static Table Table(DemoFigures figures)
    {
        var (direct, through) = (figures.Direct, figures.Through);
        var seconds = string.Create(CultureInfo.InvariantCulture, $"{figures.Seconds:0} s");
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumn(seconds)
            .AddColumn(new TableColumn("direct").RightAligned().Width(20))
            .AddColumn(new TableColumn("through Weir").RightAligned().Width(20));
        void Row(string name, string left, string right) => table.AddRow(name, left, right);
        Row("p50 wait of the others", $"[red]{direct.Median}[/]", $"[green]{through.Median}[/]");
        Row("p95 wait of the others", $"[red]{direct.P95}[/]", $"[green]{through.P95}[/]");
        Row("answered", Number(direct.Answered), Number(through.Answered));
        Row("waiting now", Number(direct.Waiting), Number(through.Waiting));
        Row("gave up or refused", Number(direct.Failed), Number(through.Failed));
        return table;
    }

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
