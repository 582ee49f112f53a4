namespace Weir.Pooling;

/// <summary>A question as what a reply line can be given: one object each.</summary>
internal sealed class HouseQuestionName
{
    private static readonly HouseQuestionName[] All =
        [.. Enum.GetValues<HouseQuestion>().Select(question => new HouseQuestionName(question))];

    private HouseQuestionName(HouseQuestion question) => Question = question;

    public HouseQuestion Question { get; }

    public static HouseQuestionName Of(HouseQuestion question) => All[(int)question];
}
