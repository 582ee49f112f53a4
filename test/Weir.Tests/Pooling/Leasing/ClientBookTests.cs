using Weir.Core.Pooling.Leasing;

namespace Weir.Tests.Pooling.Leasing;

/// <summary>How many clients a user and a database may have.</summary>
public sealed class ClientBookTests
{
    private readonly ClientBook _book = new();

    [Fact]
    public void Who_is_one_too_many_of_a_user_is_kept_out_until_one_goes()
    {
        Assert.Equal(ClientBound.None, Enter("app", 2, "shop"));
        Assert.Equal(ClientBound.None, Enter("app", 2, "news"));
        Assert.Equal(ClientBound.User, Enter("app", 2, "shop"));
        Assert.Equal(ClientBound.None, Enter("other", 2, "shop"));
        _book.Leave("app", "news");
        Assert.Equal(ClientBound.None, Enter("app", 2, "shop"));
    }

    [Fact]
    public void Who_is_one_too_many_of_a_database_is_kept_out_whoever_it_is()
    {
        Assert.Equal(ClientBound.None, Enter("app", 0, "shop", 1));
        Assert.Equal(ClientBound.Database, Enter("other", 0, "shop", 1));
        Assert.Equal(ClientBound.None, Enter("other", 0, "news", 1));
    }

    [Fact]
    public void Who_was_kept_out_does_not_count()
    {
        Enter("app", 1, "shop");
        Assert.Equal(ClientBound.User, Enter("app", 1, "news", 1));
        Assert.Equal(ClientBound.None, Enter("other", 1, "news", 1));
    }

    [Fact]
    public void A_bound_holds_for_those_who_came_before_it_was_set()
    {
        Enter("app", 0, "shop");
        Enter("app", 0, "shop");
        Assert.Equal(ClientBound.User, Enter("app", 2, "shop"));
        Assert.Equal(ClientBound.None, Enter("app", 3, "shop"));
    }

    private ClientBound Enter(string user, int userMax, string database, int databaseMax = 0) =>
        _book.Enter(user, userMax, database, databaseMax);
}
