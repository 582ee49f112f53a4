namespace Weir.EndToEnd.Support;

public sealed class RealServerTests
{
    [Theory]
    [InlineData("gunicorn")]
    [InlineData("waitress")]
    [InlineData("unicorn")]
    [InlineData("puma")]
    [InlineData("rails")]
    [InlineData("uwsgi")]
    [InlineData("php-fpm")]
    [InlineData("uvicorn")]
    [InlineData("daphne")]
    [InlineData("hypercorn")]
    [InlineData("node")]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    [InlineData("slowhttptest")]
    [InlineData("varnishtest")]
    [InlineData("varnishd")]
    [InlineData("http-cache-tests")]
    [InlineData("postgres")]
    [InlineData("pgbouncer")]
    [InlineData("redis-server")]
    [InlineData("psycopg2")]
    [InlineData("psycopg")]
    [InlineData("asyncpg")]
    [InlineData("django")]
    [InlineData("ruby-pg")]
    [InlineData("activerecord")]
    [InlineData("node-pg")]
    [InlineData("pgjdbc")]
    [InlineData("libpq_pipeline")]
    public void A_real_server_is_there(string name) => Assert.True(File.Exists(RealServer.Require(name)));

    [Fact]
    public void A_server_that_is_not_there_is_not_found() => Assert.Null(RealServer.Find("no-such-server"));
}
