using Weir.Fuzz;

namespace Weir.Tests.Http;

public sealed class CorpusTests
{
    public static TheoryData<string> Targets => new(FuzzTargets.All.Keys);

    [Theory]
    [MemberData(nameof(Targets))]
    public void Every_file_of_the_corpus_keeps_the_promises(string target)
    {
        var files = Corpus.Files(target);
        Assert.InRange(files.Length, 30, 200);
        foreach (var file in files)
        {
            var failure = Record.Exception(() => FuzzTargets.All[target](File.ReadAllBytes(file)));
            Assert.True(failure is null, $"{Path.GetFileName(file)}: {failure?.Message}");
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_short_search_finds_nothing_new(string target)
    {
        var corpus = Corpus.Files(target).Select(File.ReadAllBytes).ToList();
        var mutator = new Mutator(seed: 20);
        for (var count = 0; count < 1000; count++)
            FuzzTargets.All[target](mutator.Next(corpus));
    }
}
