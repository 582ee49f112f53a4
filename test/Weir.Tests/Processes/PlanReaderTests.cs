using System.Text;
using Weir.Config;
using Weir.Processes;
using Weir.Verbs;

namespace Weir.Tests.Processes;

/// <summary>Each golden file is a folder with what is in it, and the plan that comes of it.</summary>
public sealed class PlanReaderTests
{
    private const string Split = "--- ";

    public static TheoryData<string> Cases =>
        new(Directory.GetFiles(Golden, "*.plan").Select(Path.GetFileNameWithoutExtension).Order()!);

    private static string Golden => Path.Combine(AppContext.BaseDirectory, "Processes", "golden");

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_folder_becomes_the_plan_that_the_golden_file_says(string name)
    {
        var text = File.ReadAllText(Path.Combine(Golden, name + ".plan"));
        var parts = text.Split(Split)[1..].ToDictionary(
            part => part[..part.IndexOf('\n', StringComparison.Ordinal)],
            part => part[(part.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        var actual = Write(parts);
        var whole = text[..text.IndexOf(Split + "plan\n", StringComparison.Ordinal)] + Split + "plan\n" + actual;
        // Written beside the golden file, so that a change that is meant can be looked at and copied over.
        File.WriteAllText(Path.Combine(Golden, name + ".actual"), whole);
        Assert.Equal(text, whole);
    }

    [Fact]
    public void Another_procfile_is_started_in_its_own_folder_with_the_env_file_beside_it()
    {
        var root = Directory.CreateTempSubdirectory("weir-plan").FullName;
        Directory.CreateDirectory(Path.Combine(root, "app"));
        File.WriteAllText(Path.Combine(root, "app", "Procfile.dev"), "web: a");
        File.WriteAllText(Path.Combine(root, "app", ".env"), "A=beside");
        File.WriteAllText(Path.Combine(root, ".env"), "A=above");
        var options = new RunOptions { Procfile = "app/Procfile.dev" };
        var plan = PlanReader.Read(options, root, [], new Dictionary<string, string>(), out var fault);
        Assert.Equal("", fault);
        Assert.Equal(Path.Combine(AppFolder.Real(root)!, "app"), plan!.Folder);
        Assert.Equal("beside", plan.Environment["A"]);
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public void A_changed_link_is_another_folder_at_the_next_reading()
    {
        var root = Directory.CreateTempSubdirectory("weir-plan").FullName;
        var current = Path.Combine(root, "current");
        foreach (var release in (string[])["1", "2"])
        {
            Directory.CreateDirectory(Path.Combine(root, release));
            File.WriteAllText(Path.Combine(root, release, "Procfile"), $"web: server{release}");
            File.Delete(current);
            Directory.CreateSymbolicLink(current, Path.Combine(root, release));
            var plan = PlanReader.Read(new RunOptions(), current, [], new Dictionary<string, string>(), out _)!;
            Assert.Equal(release, Path.GetFileName(plan.Folder));
            Assert.Equal($"server{release}", plan.Types[0].Line);
        }

        Directory.Delete(root, recursive: true);
    }

    /// <summary>Flags go before environment, before .env.</summary>
    [Theory]
    [InlineData("7001", "7002", "PORT=7003", ":7001", "--port")]
    [InlineData(null, "7002", "PORT=7003", ":7002", "PORT")]
    [InlineData(null, null, "PORT=7003", ":7003", ".env: PORT")]
    [InlineData(null, null, "WEIR_PORT=7004\nPORT=7003", ":7004", ".env: WEIR_PORT")]
    [InlineData(null, null, "", ":8080", null)]
    public void Port_in_the_env_file_is_the_front_doors_and_never_a_childs(
        string? flag, string? variable, string env, string listen, string? source)
    {
        var root = Directory.CreateTempSubdirectory("weir-plan").FullName;
        File.WriteAllText(Path.Combine(root, "Procfile"), "web: a");
        File.WriteAllText(Path.Combine(root, ".env"), env);
        var own = variable is null ? new Dictionary<string, string>() : new() { ["PORT"] = variable };
        var call = new VerbCall(flag is null ? [] : new() { ["port"] = flag }, [], []);
        var (options, faults) = OptionsLoader.BindRun(call, root, own, null, "");
        var plan = PlanReader.Read(options!.Run, root, [], own, out _)!;
        Directory.Delete(root, recursive: true);
        Assert.Empty(faults);
        Assert.Equal([listen], options.Edge.Listen);
        Assert.Equal(source, options.Sources.FirstOrDefault(one => one.Name == "port")?.Source);
        Assert.DoesNotContain("PORT", plan.Environment.Keys);
    }

    [Fact]
    public void Flags_in_the_procfiles_own_line_hold_where_nobody_says_otherwise()
    {
        var root = Directory.CreateTempSubdirectory("weir-plan").FullName;
        File.WriteAllText(Path.Combine(root, "Procfile"),
            "web: bin/weir run --slots 4 --queue-max-wait=3s --port $PORT --quiet -- gunicorn app:app");
        var call = new VerbCall(new() { ["slots"] = "2" }, [], []);
        var (options, faults) = OptionsLoader.BindRun(call, root, new Dictionary<string, string>(), null, "");
        var plan = PlanReader.Read(options!.Run, root, [], new Dictionary<string, string>(), out var fault)!;
        Directory.Delete(root, recursive: true);
        Assert.Equal(("", 0), (fault, faults.Count));
        Assert.Equal(2, options.Apps[0].Slots);
        Assert.Equal(3_000_000, options.Apps[0].Routing.QueueWaitMax);
        Assert.True(options.Quiet);
        Assert.Equal([":8080"], options.Edge.Listen);
        Assert.Equal("gunicorn app:app", plan.Types[0].Line);
    }

    private static string Write(Dictionary<string, string> parts)
    {
        var root = Directory.CreateTempSubdirectory("weir-plan").FullName;
        try
        {
            foreach (var (name, text) in parts.Where(part => part.Key is "Procfile" or ".env" or "prod.env"))
                File.WriteAllText(Path.Combine(root, name), text);
            var own = Lines(parts, "environment").Select(line => line.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
            var command = Lines(parts, "command").ToList();
            var (options, faults) = SettingsBinder.Bind(
                new Dictionary<string, string>(), own, parts.GetValueOrDefault("weir.yaml"), "weir.yaml");
            Assert.DoesNotContain(faults, found => !found.IsWarning);
            var plan = PlanReader.Read(options!.Run, root, command, own, out var fault);
            var told = plan is null ? "fault: " + fault + "\n" : Write(plan, options.Run);
            return told.Replace(AppFolder.Real(root)!, "FOLDER", StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static string Write(RunPlan plan, RunOptions options)
    {
        var text = new StringBuilder($"folder {plan.Folder}\n");
        foreach (var type in plan.Types)
        {
            var life = options.For(type);
            text.Append($"{type.Name} ×{type.Count} place {type.Place}: {type.Line}\n");
            text.Append($"  words {string.Join(" ¦ ", type.Words)}\n");
            text.Append($"  stop {string.Join(' ', life.StopSignals)} within {life.StopTimeout.TotalSeconds} s\n");
            var marks = (string?[])[type.IsRouted ? "routed" : null, type.UsesSocket ? "socket" : null,
                type.KeepsShell ? "shell stays" : null, type.Program is null ? null : "program " + type.Program];
            text.Append($"  {string.Join(", ", marks.Where(mark => mark is not null))}\n");
        }

        foreach (var (name, value) in plan.Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            text.Append($"{name}={value}\n");
        text.Append($"release {plan.Release ?? "none"}\n");
        return text.ToString();
    }

    private static IEnumerable<string> Lines(Dictionary<string, string> parts, string name) =>
        parts.GetValueOrDefault(name, "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
