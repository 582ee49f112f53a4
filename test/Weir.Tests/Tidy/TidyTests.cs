using System.Diagnostics;
using Weir.Config;
using Weir.Core.Ledger;
using Weir.Core.Routing;

namespace Weir.Tests.Tidy;

/// <summary>The whole repository keeps the rules; TidyRuleTests shows that each rule can be broken.</summary>
public sealed class TidyTests
{
    [Fact]
    public void Files_have_400_lines_at_most() => Holds(Rules.FileLength);

    [Fact]
    public void Functions_have_70_lines_at_most() => Holds(Rules.FunctionLength);

    [Fact]
    public void Lines_have_120_columns_at_most() => Holds(Rules.LineLength);

    [Fact]
    public void No_word_stands_for_work_not_done() => Holds(Rules.BannedWords);

    [Fact]
    public void Names_say_what_a_thing_does() => Holds(Rules.VagueNames);

    [Fact]
    public void A_type_sits_in_a_file_of_its_name() => Holds(Rules.TypeFile, "src");

    [Fact]
    public void Rooms_use_only_what_lies_below() => Holds(Rules.Arrows, "src");

    [Fact]
    public void Documents_name_no_registry_and_no_work_undone()
    {
        var documents = Tracked().Where(path => path.EndsWith(".md", StringComparison.Ordinal) && path != "STYLE.md")
            .Concat(["Makefile", "weir", ".ci/run", "test/run.sh"]);
        Assert.Empty(documents.Select(Source.Read).SelectMany(Rules.BannedWords));
    }

    [Fact]
    public void Every_setting_is_in_the_operators_page()
    {
        var settings = Settings.All.Concat(AppSettings.Route).ToList();
        // The rows as they should be, to be copied to the page.
        File.WriteAllLines(Path.Combine(AppContext.BaseDirectory, "settings.actual.md"),
            settings.Select(Documents.Row));
        Assert.Empty(Documents.MissingSettings(Source.Read("docs/operating.md").Text, settings));
    }

    [Fact]
    public void Every_outcome_is_explained()
    {
        var text = Source.Read("docs/glossary.md").Text + Source.Read("docs/operating.md").Text;
        Assert.Empty(Documents.MissingWords(text, Enum.GetNames<Outcome>()));
    }

    [Fact]
    public void Every_reason_to_shed_is_explained()
    {
        var text = Source.Read("docs/glossary.md").Text + Source.Read("docs/operating.md").Text;
        Assert.Empty(Documents.MissingWords(text, Enum.GetNames<ShedReason>()
            .Where(name => name != nameof(ShedReason.None))));
    }

    [Fact]
    public void The_architecture_page_has_300_lines_at_most_and_no_dead_link()
    {
        var page = Source.Read("ARCHITECTURE.md");
        Assert.InRange(page.Lines.Length - 1, 1, 300);
        Assert.Empty(Documents.DeadLinks(page));
        Assert.Empty(Documents.DeadLinks(Source.Read("README.md")));
    }

    [Fact]
    public void No_file_in_git_is_over_a_megabyte() =>
        Assert.DoesNotContain(Tracked(), path =>
            new FileInfo(Path.Combine(Source.Root, path)) is { Exists: true, Length: > 1 << 20 });

    [Fact]
    public void The_makefile_only_names_things() => Assert.InRange(Source.Read("Makefile").Lines.Length - 1, 1, 16);

    private static void Holds(Func<Source, IEnumerable<string>> rule, params string[] folders)
    {
        var sources = Source.All(folders);
        Assert.NotEmpty(sources);
        Assert.Empty(sources.SelectMany(rule));
    }

    private static string[] Tracked()
    {
        var start = new ProcessStartInfo("git", ["-C", Source.Root, "ls-files"])
        {
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start)!;
        var paths = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return paths;
    }
}
