namespace Weir.Tests.Pooling;

/// <summary>URLs as platforms and frameworks write them.</summary>
internal static class Urls
{
    public const string Secret = "p4ssw0rd";
    public const string Plain = $"postgres://app:{Secret}@db.internal:5433/shop";
    public const string Heroku = $"postgres://u1:{Secret}@ec2-1.compute-1.amazonaws.com:5432/d8rdh";
    public const string Other = $"postgresql://report:{Secret}@replica/shop";
}
