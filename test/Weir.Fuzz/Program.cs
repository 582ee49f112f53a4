using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Weir.Fuzz;

return args switch
{
    ["--replay"] => Replay(),
    [var target, .. var rest] when FuzzTargets.All.ContainsKey(target) && rest.Length % 2 == 0 => Search(target, rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        $"weir-fuzz TARGET [--seconds N] [--seed S] | --replay; TARGET is {string.Join(", ", FuzzTargets.All.Keys)}");
    return 2;
}

static int Replay()
{
    var failures = 0;
    var files = 0;
    foreach (var (name, target) in FuzzTargets.All)
    {
        foreach (var file in Corpus.Files(name))
        {
            files++;
            if (Failure(target, File.ReadAllBytes(file)) is { } failure)
            {
                failures++;
                Console.Error.WriteLine($"{name}/{Path.GetFileName(file)}: {failure.Message}");
            }
        }
    }

    Console.WriteLine($"replayed {files} files, {failures} failed");
    return failures == 0 ? 0 : 1;
}

static int Search(string name, string[] options)
{
    var seconds = 10;
    var seed = 1;
    for (var index = 0; index < options.Length; index += 2)
    {
        if (!int.TryParse(options[index + 1], CultureInfo.InvariantCulture, out var number))
            return Usage();
        switch (options[index])
        {
            case "--seconds":
                seconds = number;
                break;
            case "--seed":
                seed = number;
                break;
            default:
                return Usage();
        }
    }

    var target = FuzzTargets.All[name];
    var corpus = Corpus.Files(name).Select(File.ReadAllBytes).ToList();
    var mutator = new Mutator(seed);
    var clock = Stopwatch.StartNew();
    var tries = 0L;
    while (clock.Elapsed.TotalSeconds < seconds)
    {
        var input = mutator.Next(corpus);
        tries++;
        if (Failure(target, input) is not { } failure)
            continue;
        var hash = Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 6));
        var file = Path.Combine(Corpus.Root, name, $"crash-{hash}");
        File.WriteAllBytes(file, input);
        Console.Error.WriteLine($"{failure.Message}\nseed {seed}, try {tries}, kept as {file}");
        return 1;
    }

    Console.WriteLine($"{name}: {tries} inputs in {seconds} s, seed {seed}, none failed");
    return 0;
}

static Exception? Failure(FuzzTarget target, byte[] input)
{
    try
    {
        target(input);
        return null;
    }
    catch (Exception failure)
    {
        return failure;
    }
}
