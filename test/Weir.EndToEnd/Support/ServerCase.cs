namespace Weir.EndToEnd.Support;

/// <summary>A server as people start it: its line, its files, and how many requests it works on at once.</summary>
/// <param name="Program">What must be installed, as <c>RealServer</c> knows it.</param>
/// <param name="Line">For a shell in its own folder; $PORT is given, APPS stands for the sample apps' folder.</param>
/// <param name="Slots">0 = async.</param>
/// <param name="Workers">Processes that share the listener; 0 where the listener is not the server's own.</param>
internal sealed record ServerCase(string Name, string Program, string Line, int Slots, int Workers)
{
    private const string Rack = "APPS/config.ru";
    private const string Listen = "127.0.0.1:$PORT";

    /// <summary>"NAME=value", added to this program's own.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Path and text in turns; PORT and APPS are filled in.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    public static IReadOnlyList<ServerCase> All { get; } =
    [
        new("rails server", "rails", "bin/rails server -b 127.0.0.1", 5, 1)
        {
            Environment = ["RAILS_ENV=production", "PIDFILE=server.pid"],
        },
        new("puma, its file", "puma", $"puma -b tcp://{Listen} {Rack}", 3, 1)
        {
            Files = ["config/puma.rb", "n = ENV.fetch('RAILS_MAX_THREADS', 3)\nthreads n, n\n"],
        },
        new("puma -w 2 -t 3:3", "puma", $"puma -w 2 -t 3:3 -b tcp://{Listen} {Rack}", 6, 2),
        new("puma, its default", "puma", $"puma -b tcp://{Listen} {Rack}", 5, 1),
        new("unicorn, its file", "unicorn", $"unicorn -E none -c config/unicorn.rb -l {Listen} {Rack}", 3, 3)
        {
            Files = ["config/unicorn.rb", "worker_processes Integer(ENV['WEB_CONCURRENCY'] || 3)\n"],
        },
        new("gunicorn -w 3", "gunicorn", $"gunicorn -w 3 -b {Listen} app:app", 3, 3),
        new("gunicorn, WEB_CONCURRENCY", "gunicorn", $"gunicorn -b {Listen} app:app", 4, 4)
        {
            Environment = ["WEB_CONCURRENCY=4"],
        },
        new("gunicorn, GUNICORN_CMD_ARGS", "gunicorn", $"gunicorn -b {Listen} app:app", 2, 2)
        {
            Environment = ["GUNICORN_CMD_ARGS=--workers=2", "WEB_CONCURRENCY=4"],
        },
        new("gunicorn, its file", "gunicorn", $"gunicorn -b {Listen} app:app", 3, 3)
        {
            Files = ["gunicorn.conf.py", "import os\nworkers = int(os.environ.get('N', '3'))\n"],
        },
        new("gunicorn, gthread", "gunicorn", $"gunicorn -k gthread --threads 4 -b {Listen} app:app", 4, 1),
        new("uwsgi, its file", "uwsgi", $"uwsgi --ini uwsgi.ini --http-socket {Listen}", 4, 2)
        {
            Files =
            [
                "uwsgi.ini", "[uwsgi]\nplugin = python3\nwsgi-file = APPS/app.py\ncallable = app\nmaster = true\n"
                    + "processes = 2\nthreads = 2\ndie-on-term = true\ndisable-logging = true\n",
            ],
        },
        new("php-fpm behind nginx", "php-fpm",
            "$PHP_FPM -R -F -y fpm.conf & exec nginx -p . -e stderr -c nginx.conf", 3, 0)
        {
            Files =
            [
                "fpm.conf", "[global]\nerror_log = /dev/stderr\npid = FOLDER/fpm.pid\n"
                    + "[www]\nuser = root\ngroup = root\nlisten = FOLDER/fpm.sock\npm = static\npm.max_children = 3\n",
                "nginx.conf", "user root; daemon off; pid nginx.pid; error_log stderr warn; events {}\n"
                    + "http { access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f;\n"
                    + "uwsgi_temp_path u; scgi_temp_path s; server { listen 127.0.0.1:PORT; location / {\n"
                    + "include /etc/nginx/fastcgi_params; fastcgi_param SCRIPT_FILENAME APPS/index.php;\n"
                    + "fastcgi_pass unix:FOLDER/fpm.sock; } } }\n",
            ],
        },
        new("waitress, its default", "waitress", $"waitress-serve --listen={Listen} app:app", 4, 1),
        new("uvicorn", "uvicorn", "uvicorn --port $PORT --log-level warning asgi:app", 0, 1),
        new("daphne", "daphne", "daphne -b 127.0.0.1 -p $PORT -v 0 asgi:app", 0, 1),
        new("hypercorn", "hypercorn", $"hypercorn -b {Listen} asgi:app", 0, 0),
        new("node", "node", "node APPS/server.js", 0, 1),
    ];

    public static string Filled(string text, int port, string folder) => text
        .Replace("APPS", Checkout.Apps, StringComparison.Ordinal)
        .Replace("FOLDER", folder, StringComparison.Ordinal)
        .Replace("127.0.0.1:PORT", FormattableString.Invariant($"127.0.0.1:{port}"), StringComparison.Ordinal);
}
