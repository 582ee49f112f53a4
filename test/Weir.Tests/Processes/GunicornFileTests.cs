using Weir.Core.Processes;

namespace Weir.Tests.Processes;

public sealed class GunicornFileTests
{
    private const string InContainers = """
        import json
        import multiprocessing
        import os

        workers_per_core_str = os.getenv("WORKERS_PER_CORE", "1")
        max_workers_str = os.getenv("MAX_WORKERS")
        use_max_workers = None
        if max_workers_str:
            use_max_workers = int(max_workers_str)
        web_concurrency_str = os.getenv("WEB_CONCURRENCY", None)
        cores = multiprocessing.cpu_count()
        workers_per_core = float(workers_per_core_str)
        default_web_concurrency = workers_per_core * cores
        if web_concurrency_str:
            web_concurrency = int(web_concurrency_str)
            assert web_concurrency > 0
        else:
            web_concurrency = max(int(default_web_concurrency), 2)
            if use_max_workers:
                web_concurrency = min(web_concurrency, use_max_workers)
        # Gunicorn config variables
        workers = web_concurrency
        log_data = {"workers": workers, "host": "x"}
        print(json.dumps(log_data))
        """;

    [Theory]
    [InlineData("workers = int(os.environ.get('WEB_CONCURRENCY', '2'))", "", 2)]
    [InlineData("workers = int(os.environ.get('WEB_CONCURRENCY', '2'))", "WEB_CONCURRENCY=5", 5)]
    [InlineData("workers = int(os.getenv('N') or 3)", "", 3)]
    [InlineData("workers = os.environ.get('N', default=3)", "", 3)]
    [InlineData("import multiprocessing\nworkers = multiprocessing.cpu_count() * 2 + 1", "", 17)]
    [InlineData("workers = (os.cpu_count() or 1) // 3", "", 2)]
    [InlineData("workers = len(os.sched_getaffinity(0))", "", 4)]
    [InlineData("workers = 4 if os.getenv('PROD') else 2", "PROD=1", 4)]
    [InlineData("workers = 4 if os.getenv('PROD') else 2", "", 2)]
    [InlineData("workers: int = 4 # how many", "", 4)]
    [InlineData("def f():\n    workers = 9\nworkers = 2", "", 2)]
    [InlineData("if 'PROD' in os.environ:\n    workers = 4\nelse:\n    workers = 2", "PROD=1", 4)]
    [InlineData("if 'PROD' not in os.environ:\n    workers = 4\nelse:\n    workers = 2", "PROD=1", 2)]
    [InlineData("if os.environ['E'] == 'a': workers = 4\nelif os.environ['E'] == 'b': workers = 3\nelse: workers = 2",
        "E=b", 3)]
    [InlineData("'''\nworkers = 9\n'''\nworkers = 2", "", 2)]
    [InlineData("workers = (\n    2 +\n    1\n)", "", 3)]
    [InlineData("workers = max(2, min(int(os.getenv('N', 5)), 4))", "", 4)]
    [InlineData("try:\n    workers = 3\nfinally:\n    pass\n", "", 3)]
    [InlineData(InContainers, "", 8)]
    [InlineData(InContainers, "MAX_WORKERS=3", 3)]
    [InlineData(InContainers, "WEB_CONCURRENCY=2 MAX_WORKERS=1", 2)]
    [InlineData(InContainers, "WORKERS_PER_CORE=0.5", 4)]
    public void Workers_are_counted_as_python_would(string file, string environment, int workers)
    {
        var found = Ask.Of("gunicorn app:app", environment, "gunicorn.conf.py", file);
        Assert.Equal((workers, workers, ""), (found.Slots, found.Workers, found.Doubt));
        Assert.StartsWith("gunicorn.conf.py:", found.Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("workers = os.environ['N']")]
    [InlineData("workers = load()")]
    [InlineData("workers = 3\nfrom base import *")]
    [InlineData("workers = 3\nfrom base import workers")]
    [InlineData("workers = 3\nif load():\n    workers = 9")]
    [InlineData("workers = 3\nworkers += 9")]
    [InlineData("workers, threads = 3, 4")]
    [InlineData("globals()['workers'] = 9")]
    [InlineData("for n in range(3):\n    workers = n")]
    [InlineData("workers = f'{n}'")]
    [InlineData("workers = [1")]
    [InlineData("workers = 10 ** 2")]
    [InlineData("a = workers = 9")]
    [InlineData("workers = -1")]
    [InlineData("workers = 1 / 0")]
    public void What_cannot_be_told_counts_as_one(string file)
    {
        var found = Ask.Of("gunicorn app:app", "WEB_CONCURRENCY=9", "gunicorn.conf.py", file);
        Assert.Equal((1, SlotUnread.Workers), (found.Workers, found.Unread & SlotUnread.Workers));
    }

    [Theory]
    [InlineData("gunicorn -c conf/g.py app:app", 7)]
    [InlineData("gunicorn --config=file:conf/g.py app:app", 7)]
    [InlineData("gunicorn -c python:conf.g app:app", 7)]
    public void The_file_is_the_one_that_is_named(string line, int slots) =>
        Assert.Equal(slots, Ask.Of(line, "", "conf/g.py", "workers = 7", "gunicorn.conf.py", "workers = 3").Slots);

    [Fact]
    public void A_worker_class_that_cannot_be_told_may_serve_one_at_a_time()
    {
        const string file = "workers = 3\nthreads = 4\nworker_class = pick()\n";
        var found = Ask.Of("gunicorn app:app", "", "gunicorn.conf.py", file);
        Assert.Equal((3, SlotUnread.Threads), (found.Slots, found.Unread));
        Assert.Equal(3, Ask.Of("gunicorn -k my.Worker --threads 4 -w 3 app:app").Slots);
    }
}
