using System.Text;
using Weir.Caching;
using Weir.Core.Caching;
using Weir.Core.Caching.Shared;

namespace Weir.Tests.Caching.Shared;

/// <summary>A stored answer through the form in which nodes share it.</summary>
public sealed class SharedFormTests
{
    private static readonly SharedSeal s_seal = new("s"u8);
    private readonly Answers _answers = new();

    [Theory]
    [InlineData("", 0)]
    [InlineData("", 1)]
    [InlineData("de\0", 300_000)]
    [InlineData("\0", 70_000)]
    public void It_comes_back_as_it_went(string values, int bytes)
    {
        var answer = Answer(values, bytes);
        var back = Through(answer, shared => shared)!;
        Assert.Equal(answer.Key, back.Key);
        Assert.Equal((answer.Hash, answer.Parts), (back.Hash, back.Parts));
        Assert.Equal(answer.VaryNames, back.VaryNames);
        Assert.Equal(answer.VaryValues, back.VaryValues);
        Assert.Equal(answer.Figures, back.Figures);
        Assert.Equal(answer.Tags, back.Tags);
        Assert.Equal(answer.FillMicros, back.FillMicros);
        Assert.Equal(answer.Head.Bytes, back.Head.Bytes);
        Assert.Equal("max-age=60", Encoding.ASCII.GetString(back.Head.ValueOf(back.Head.Fields[0])));
        Assert.Equal(Answers.Text(answer), Answers.Text(back));
        Assert.Equal(StoredAnswer.KeptUntil(answer.Figures, CachePolicy.Default), back.KeepUntil);
        Assert.True(back is { IsFromTier: true, Body.HasEnded: true, Capture: 5 });
    }

    [Fact]
    public void What_never_said_how_long_it_may_be_stale_does_not_say_so_after()
    {
        var figures = new StoredFigures(900, 1_000, 60_000, -1, -1, StoredFlags.ForAuthorized | StoredFlags.ByPolicy);
        Assert.Equal(figures, Through(Answer("", 1, figures), shared => shared)!.Figures);
    }

    [Fact]
    public void One_that_was_purged_softly_is_stale_from_the_first()
    {
        var back = Through(Answer("", 1), shared => shared, isPurged: true)!;
        Assert.Equal(Weir.Core.Caching.PurgeVerdict.Stale, _answers.Purges.Check(back));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("head")]
    [InlineData("more head")]
    [InlineData("no head")]
    [InlineData("age")]
    [InlineData("lifetime")]
    [InlineData("stale while")]
    [InlineData("stale if error")]
    [InlineData("tags")]
    [InlineData("names without values")]
    [InlineData("values without names")]
    [InlineData("other values")]
    public void What_no_node_writes_is_not_taken(string lie)
    {
        Assert.Null(Through(Answer("de\0", 10), shared => lie switch
        {
            "status" => shared with { Status = 404 },
            "head" => shared with { Head = "no head at all"u8.ToArray() },
            "more head" => shared with { Head = (byte[])[.. shared.Head.Span, .. "x"u8] },
            "no head" => shared with { Head = default },
            "age" => shared with { InitialAge = -1 },
            "lifetime" => shared with { Lifetime = long.MaxValue },
            "stale while" => shared with { StaleWhile = -2 },
            "stale if error" => shared with { StaleIfError = long.MaxValue },
            "tags" => shared with { Tags = new byte[] { 9, 1 } },
            "names without values" => shared with { VaryKey = default },
            "values without names" => shared with { VaryNames = default },
            _ => shared with { VaryKey = "de\0"u8.ToArray() },
        }));
    }

    private StoredAnswer Answer(string values, int bytes, StoredFigures? figures = null)
    {
        var body = new byte[bytes];
        Array.Fill(body, (byte)'x');
        var key = Answers.Key("/a?b=c");
        return new StoredAnswer
        {
            Key = key,
            Hash = _answers.Store.Hash(key),
            Parts = Answers.Parts(key),
            VaryNames = values.Length == 0 ? [] : "accept-language"u8.ToArray(),
            VaryValues = Encoding.ASCII.GetBytes(values),
            Head = StoredAnswer.Read("HTTP/1.1 203 OK\r\nCache-Control: max-age=60\r\nETag: \"v\"\r\n\r\n"u8.ToArray()),
            Body = StoredBody.Of(body),
            Figures = figures ?? new StoredFigures(1_000, 3_000, 60_000, 1, 2, StoredFlags.HasValidator),
            Tags = ["red"u8.ToArray(), "blue"u8.ToArray()],
            Capture = 2,
            FillMicros = 7_000_123,
        };
    }

    /// <summary>Written as it lies in the store, read, and read in.</summary>
    private static StoredAnswer? Through(
        StoredAnswer answer, Func<SharedAnswer, SharedAnswer> change, bool isPurged = false)
    {
        var key = SharedKey.Of(SharedKey.MarkOf(CachePolicy.Default), answer.Key);
        var shared = SharedForm.Of(answer, key, new PurgeStamp(3, 4))!;
        var bytes = SharedAnswerFormat.Write(shared, s_seal).SelectMany(piece => piece.ToArray()).ToArray();
        var read = SharedAnswerFormat.Read(bytes, key, shared.VaryKey.Span, s_seal, out var back);
        Assert.Equal(SharedAnswerRead.Answer, read);
        return SharedForm.Read(
            change(back!), answer.Key, answer.Hash, answer.Parts, CachePolicy.Default, 5, isPurged);
    }
}
