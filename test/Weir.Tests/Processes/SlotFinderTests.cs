namespace Weir.Tests.Processes;

public sealed class SlotFinderTests
{
    [Theory]
    [InlineData("gunicorn app:app", 1, 1, "gunicorn's default")]
    [InlineData("gunicorn -w 4 app:app", 4, 4, "-w 4 on the command line")]
    [InlineData("gunicorn -w4 app:app", 4, 4, "-w4 on the command line")]
    [InlineData("gunicorn --workers=4 app:app", 4, 4, "--workers=4 on the command line")]
    [InlineData("gunicorn --workers 2 --workers 3 app:app", 3, 3, "--workers 3 on the command line")]
    [InlineData("gunicorn -w 2 --threads 4 app:app", 8, 2, "-w 2 and --threads 4 on the command line")]
    [InlineData("gunicorn -k gthread --threads 4 app:app", 4, 1, "--threads 4 on the command line")]
    [InlineData("gunicorn -t 30 -k sync app:app", 1, 1, "gunicorn's default")]
    [InlineData("python -m gunicorn -w 3 app:app", 3, 3, "-w 3 on the command line")]
    [InlineData("/venv/bin/python3.11 -u /venv/bin/gunicorn -w 3 app:app", 3, 3, "-w 3 on the command line")]
    [InlineData("newrelic-admin run-program gunicorn -w 3 app:app", 3, 3, "-w 3 on the command line")]
    [InlineData("poetry run gunicorn -w 3 app:app", 3, 3, "-w 3 on the command line")]
    [InlineData("pipenv run gunicorn -w 3 app:app", 3, 3, "-w 3 on the command line")]
    [InlineData("uv run --frozen gunicorn -w 3 app:app", 3, 3, "-w 3 on the command line")]
    [InlineData("env -u FOO A=b gunicorn -w 3 app:app", 3, 3, "-w 3 on the command line")]
    [InlineData("python manage.py migrate && exec gunicorn -w 3 app:app", 3, 3, "-w 3 on the command line")]
    [InlineData("gunicorn -w 3 app:app 2>&1 | tee log/app.log", 3, 3, "-w 3 on the command line")]
    [InlineData("sh -c 'gunicorn -w 3 app:app'", 3, 3, "-w 3 on the command line")]
    [InlineData("bash -lc \"exec gunicorn --bind 0.0.0.0:$PORT -w 3 app:app\"", 3, 3, "-w 3 on the command line")]
    [InlineData("N=3; gunicorn -w $N app:app", 3, 3, "-w 3 on the command line")]
    [InlineData("gunicorn -w ${N:-5} app:app", 5, 5, "-w 5 on the command line")]
    [InlineData("gunicorn -w $(nproc) app:app", 4, 4, "-w 4 on the command line")]
    [InlineData("gunicorn -w $((2 * $(nproc) + 1)) app:app", 9, 9, "-w 9 on the command line")]
    [InlineData("tini -- gunicorn -w 3 app:app", 3, 3, "-w 3 on the command line")]
    public void Gunicorn_is_read_from_its_line(string line, int slots, int workers, string evidence)
    {
        var found = Ask.Of(line);
        Assert.Equal(
            ("gunicorn", slots, workers, evidence), (found.Server, found.Slots, found.Workers, found.Evidence));
    }

    [Theory]
    [InlineData("gunicorn app:app", "WEB_CONCURRENCY=3", "", 3, "WEB_CONCURRENCY=3")]
    [InlineData("WEB_CONCURRENCY=5 gunicorn app:app", "WEB_CONCURRENCY=3", "", 5, "WEB_CONCURRENCY=5")]
    [InlineData("gunicorn app:app", "GUNICORN_CMD_ARGS=--workers=3~--threads~2", "workers = 9", 6,
        "--workers=3 in GUNICORN_CMD_ARGS, --threads 2 in GUNICORN_CMD_ARGS")]
    [InlineData("gunicorn -w 2 app:app", "GUNICORN_CMD_ARGS=-w~3", "workers = 9", 2, "-w 2 on the command line")]
    [InlineData("gunicorn app:app", "WEB_CONCURRENCY=3", "workers = 6", 6, "gunicorn.conf.py:1")]
    [InlineData("gunicorn app:app", "WEB_CONCURRENCY=3", "bind = 'x'\nthreads = 2", 6,
        "WEB_CONCURRENCY=3, gunicorn.conf.py:2")]
    [InlineData("gunicorn app:app", "", "worker_class = 'gthread'\nworkers = 2\nthreads = 4\n", 8,
        "gunicorn.conf.py:2, gunicorn.conf.py:3")]
    public void Gunicorns_sources_hold_in_its_own_order(
        string line, string environment, string file, int slots, string evidence)
    {
        var found = file.Length == 0 ? Ask.Of(line, environment) : Ask.Of(line, environment, "gunicorn.conf.py", file);
        Assert.Equal((slots, evidence), (found.Slots, found.Evidence));
    }

    [Theory]
    [InlineData("gunicorn -k uvicorn.workers.UvicornWorker -w 4 app:app")]
    [InlineData("gunicorn --worker-class=gevent -w 4 app:app")]
    [InlineData("gunicorn -w 4 -k eventlet app:app")]
    public void Gunicorns_async_classes_have_no_slots(string line)
    {
        var found = Ask.Of(line);
        Assert.True(found.IsAsync);
        Assert.Equal((4, false), (found.Workers, found.IsAssumed));
    }

    [Theory]
    [InlineData("uvicorn app:app --workers 4", "uvicorn")]
    [InlineData("uvicorn app:app", "uvicorn")]
    [InlineData("daphne -p $PORT mysite.asgi:application", "daphne")]
    [InlineData("hypercorn app:app", "hypercorn")]
    [InlineData("node server.js", "node")]
    [InlineData("npm start", "npm")]
    [InlineData("npx next start -p $PORT", "next")]
    [InlineData("deno run -A main.ts", "deno")]
    [InlineData("bun run index.ts", "bun")]
    [InlineData("python manage.py runserver 0.0.0.0:$PORT", "django")]
    [InlineData("flask --app hello run -p $PORT", "flask")]
    public void Servers_without_workers_have_the_in_flight_limit(string line, string server)
    {
        var found = Ask.Of(line);
        Assert.Equal((0, server, false), (found.Slots, found.Server, found.IsAssumed));
    }

    [Theory]
    [InlineData("waitress-serve --port=$PORT app:app", 4, "waitress's default of 4 threads")]
    [InlineData("waitress-serve --port=$PORT --threads=7 app:app", 7, "--threads=7 on the command line")]
    [InlineData("python -m waitress --threads 7 app:app", 7, "--threads 7 on the command line")]
    [InlineData("thin start -p $PORT", 1, "thin's default")]
    [InlineData("php -S 0.0.0.0:$PORT -t public", 1, "php's default")]
    [InlineData("php artisan serve --port=$PORT", 1, "php's default")]
    [InlineData("php artisan octane:start --workers=4", 4, "--workers=4 on the command line")]
    [InlineData("passenger start --max-pool-size 3", 3, "--max-pool-size 3 on the command line")]
    [InlineData("flask run --without-threads", 1, "--without-threads on the command line")]
    public void Smaller_servers_are_read_too(string line, int slots, string evidence)
    {
        var found = Ask.Of(line);
        Assert.Equal((slots, evidence), (found.Slots, found.Evidence));
    }

    [Theory]
    [InlineData("")]
    [InlineData("bin/server")]
    [InlineData("java -jar app.jar")]
    [InlineData("python manage.py migrate")]
    [InlineData("bin/rails db:migrate")]
    [InlineData("celery -A app worker")]
    [InlineData("passenger stop")]
    [InlineData("sh -c")]
    [InlineData("'")]
    [InlineData("&& || ; |")]
    public void What_is_not_known_is_one_slot_and_assumed(string line)
    {
        var found = Ask.Of(line);
        Assert.Equal((1, 1, true), (found.Slots, found.Workers, found.IsAssumed));
    }

    [Theory]
    [InlineData("gunicorn -w $(cat workers) app:app")]
    [InlineData("gunicorn -w `nproc --all` app:app")]
    [InlineData("gunicorn -w ${N##x} app:app")]
    [InlineData("gunicorn -w auto app:app")]
    [InlineData("gunicorn -c other.py app:app")]
    [InlineData("if [ -f x ]; then N=8; fi; gunicorn -w $N app:app")]
    public void Workers_that_cannot_be_told_count_as_one_and_are_named(string line)
    {
        var found = Ask.Of(line, "", "gunicorn.conf.py", "workers = 9");
        Assert.Equal((1, true), (found.Slots, found.IsAssumed));
        Assert.Contains("workers at ", found.Doubt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("if [ -z $X ]; then gunicorn -w 4 a:a; else gunicorn -w 2 a:a; fi", 2)]
    [InlineData("gunicorn -w 4 a:a || gunicorn -w 2 a:a", 2)]
    [InlineData("php-fpm -y pool.conf & nginx -g 'daemon off;'", 7)]
    [InlineData("(php-fpm -D -y pool.conf && nginx -g 'daemon off;')", 7)]
    [InlineData("cd web && gunicorn app:app", 6)]
    [InlineData("./start.sh -w 5", 5)]
    [InlineData("npm run serve", 3)]
    public void Lines_and_scripts_are_followed(string line, int slots)
    {
        var found = Ask.Of(
            line, "",
            "pool.conf", "[www]\npm = dynamic\npm.max_children = 7\n",
            "web/gunicorn.conf.py", "workers = 6\n",
            "./start.sh", "#!/bin/sh\nset -e\n./migrate\nexec gunicorn \"$@\" app:app\n",
            "package.json", """{"scripts": {"serve": "waitress-serve --threads 3 app:app"}}""");
        Assert.Equal(slots, found.Slots);
    }

    [Theory]
    [InlineData("php-fpm8.2 -F & nginx", "", 5, "/etc/php/8.2/fpm/pool.d/www.conf:3")]
    [InlineData("sh -c 'php-fpm -F -y own.conf & caddy run'", "CHILDREN=9", 9, "own.conf:2")]
    [InlineData("heroku-php-nginx -C nginx.conf public/", "WEB_CONCURRENCY=6", 6, "WEB_CONCURRENCY=6")]
    [InlineData("vendor/bin/heroku-php-apache2 public/", "", 1, "")]
    public void Php_fpm_is_read_from_its_pool(string line, string environment, int slots, string evidence)
    {
        var found = Ask.Of(
            line, environment,
            "/etc/php/8.2/fpm/php-fpm.conf", "[global]\ninclude=/etc/php/8.2/fpm/pool.d/*.conf\n",
            "/etc/php/8.2/fpm/pool.d/www.conf", "[www]\npm = dynamic\npm.max_children = 5 ; as installed\n",
            "/etc/php/8.2", "",
            "own.conf", "[app]\npm.max_children = $CHILDREN\n");
        Assert.Equal(("php-fpm", slots, evidence), (found.Server, found.Slots, found.Evidence));
    }

    [Theory]
    [InlineData("uwsgi --http-socket :$PORT -p 3 --threads 2 --wsgi-file a.py", "", 6)]
    [InlineData("uwsgi --http-socket :$PORT --processes=3 -p 4", "", 4)]
    [InlineData("uwsgi --ini uwsgi.ini", "", 8)]
    [InlineData("uwsgi uwsgi.ini", "", 8)]
    // Measured with 2.0.21: options hold in their order, a bare file comes last, the environment first.
    [InlineData("uwsgi --ini uwsgi.ini -p 1", "", 2)]
    [InlineData("uwsgi -p 1 --ini uwsgi.ini", "", 8)]
    [InlineData("uwsgi uwsgi.ini -p 1", "", 8)]
    [InlineData("uwsgi --ini uwsgi.ini", "UWSGI_PROCESSES=9", 8)]
    [InlineData("uwsgi --http-socket :$PORT", "UWSGI_PROCESSES=9 UWSGI_THREADS=2", 18)]
    [InlineData("uwsgi --ini names.ini", "N=3", 3)]
    [InlineData("uwsgi --http-socket :$PORT --gevent 100", "", 0)]
    [InlineData("uwsgi --yaml uwsgi.yml", "", 5)]
    [InlineData("uwsgi", "", 1)]
    public void Uwsgi_is_read_in_its_own_order(string line, string environment, int slots)
    {
        var found = Ask.Of(
            line, environment,
            "uwsgi.ini", "[uwsgi]\nhttp-socket = :8000\nprocesses = 4\nthreads = 2\ncheaper = 1\n",
            "names.ini", "[uwsgi]\nn = $(N)\nprocesses = %(n)\n",
            "uwsgi.yml", "uwsgi:\n  http-socket: :8000\n  processes: 5\n");
        Assert.Equal(("uwsgi", slots), (found.Server, found.Slots));
    }
}
