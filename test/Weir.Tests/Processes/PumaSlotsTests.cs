namespace Weir.Tests.Processes;

public sealed class PumaSlotsTests
{
    private const string Rails7 = """
        # Puma can serve each request in a thread from an internal thread pool.
        max_threads_count = ENV.fetch("RAILS_MAX_THREADS") { 5 }
        min_threads_count = ENV.fetch("RAILS_MIN_THREADS") { max_threads_count }
        threads min_threads_count, max_threads_count
        worker_timeout 3600 if ENV.fetch("RAILS_ENV", "development") == "development"
        port ENV.fetch("PORT") { 3000 }
        # workers ENV.fetch("WEB_CONCURRENCY") { 2 }
        # preload_app!
        plugin :tmp_restart
        """;

    private const string Rails71 = """
        threads_count = ENV.fetch("RAILS_MAX_THREADS") { 5 }
        threads threads_count, threads_count
        if ENV["RAILS_ENV"] == "production"
          require "concurrent-ruby"
          worker_count = Integer(ENV.fetch("WEB_CONCURRENCY") { Concurrent.physical_processor_count })
          workers worker_count if worker_count > 1
        end
        """;

    private const string Rails8 = """
        threads_count = ENV.fetch("RAILS_MAX_THREADS", 3)
        threads threads_count, threads_count
        port ENV.fetch("PORT", 3000)
        plugin :solid_queue if ENV["SOLID_QUEUE_IN_PUMA"]
        pidfile ENV["PIDFILE"] if ENV["PIDFILE"]
        """;

    private const string Heroku = """
        workers Integer(ENV['WEB_CONCURRENCY'] || 2)
        threads_count = Integer(ENV['RAILS_MAX_THREADS'] || 5)
        threads threads_count, threads_count
        preload_app!
        on_worker_boot do
          ActiveRecord::Base.establish_connection
        end
        """;

    private const string Cases = """
        rails_env = ENV.fetch("RAILS_ENV", "development")
        environment rails_env
        case rails_env
        when "production"
          workers_count = Integer(ENV.fetch("WEB_CONCURRENCY", 4))
          workers(workers_count) if workers_count > 1
        when "development"
          worker_timeout(3600)
        end
        threads 2, 2
        """;

    public static TheoryData<string, string, string, int, int, string> Files => new()
    {
        { "bin/rails server", Rails7, "", 5, 1, "config/puma.rb:4" },
        {
            "bin/rails s -p $PORT -e production", Rails7, "RAILS_MAX_THREADS=8", 8, 1,
            "config/puma.rb:4 and RAILS_MAX_THREADS"
        },
        {
            "bundle exec puma", Rails7, "RAILS_MAX_THREADS=2 WEB_CONCURRENCY=3", 6, 3,
            "WEB_CONCURRENCY=3, config/puma.rb:4 and RAILS_MAX_THREADS"
        },
        { "puma", Rails71, "RAILS_ENV=production", 10, 2, "config/puma.rb:6, config/puma.rb:2" },
        { "puma", Rails71, "RAILS_ENV=development", 5, 1, "config/puma.rb:2" },
        { "rails server -e production", Rails71, "WEB_CONCURRENCY=1", 5, 1, "WEB_CONCURRENCY=1, config/puma.rb:2" },
        { "bin/rails server", Rails8, "", 3, 1, "config/puma.rb:2" },
        { "puma -C config/puma.rb", Heroku, "", 10, 2, "config/puma.rb:1, config/puma.rb:3" },
        {
            "puma -C config/puma.rb", Heroku, "WEB_CONCURRENCY=3", 15, 3,
            "config/puma.rb:1 and WEB_CONCURRENCY, config/puma.rb:3"
        },
        { "puma -w 1 -t 1:1", Heroku, "WEB_CONCURRENCY=3", 1, 1, "-w 1 and -t 1:1 on the command line" },
        { "puma", Cases, "RAILS_ENV=production", 8, 4, "config/puma.rb:6, config/puma.rb:10" },
        { "puma", Cases, "", 2, 1, "config/puma.rb:10" },
        { "rackup -p $PORT", Rails8, "", 3, 1, "config/puma.rb:2" },
        { "puma", "threads 4", "", 4, 1, "config/puma.rb:1" },
        {
            "puma", "threads(ENV['MIN'].to_i, [2, ENV['MAX'].to_i].max)\nworkers 0", "MAX=6", 6, 1,
            "config/puma.rb:2, config/puma.rb:1 and MAX"
        },
        { "puma", "workers ENV['X'] ? 3 : 2\nthreads 1,\n  1", "", 2, 2, "config/puma.rb:1, config/puma.rb:2" },
        {
            "puma", "n = Etc.nprocessors\nn = 3 unless ENV['X']\nworkers n\nthreads 1, 1", "", 3, 3,
            "config/puma.rb:3, config/puma.rb:4"
        },
        {
            "puma", "=begin\nworkers 9\n=end\nworkers(Integer(ENV.fetch('N', '2')) * 2); threads 1, 1", "", 4, 4,
            "config/puma.rb:4"
        },
        {
            "puma", "begin\n  workers 2\nrescue LoadError\nend\nthreads 1, 1", "", 2, 2,
            "config/puma.rb:2, config/puma.rb:5"
        },
        { "puma", "def many\n  workers 9\nend\nthreads 1, 1", "", 1, 1, "config/puma.rb:4" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Puma_is_read_from_its_file(
        string line, string file, string environment, int slots, int workers, string evidence)
    {
        var found = Ask.Of(line, environment, "config/puma.rb", file);
        Assert.Equal(("puma", slots, workers, ""), (found.Server, found.Slots, found.Workers, found.Doubt));
        Assert.Equal(evidence, found.Evidence);
    }

    [Theory]
    [InlineData("puma", "", 5, 1, "puma's default of 5 threads")]
    [InlineData("puma -w 2 -t 3:3", "", 6, 2, "-w 2 and -t 3:3 on the command line")]
    [InlineData("puma --workers=2 --threads 3", "", 6, 2, "--workers=2 and --threads 3 on the command line")]
    [InlineData("bundle exec puma -w2", "", 10, 2, "-w2 on the command line, puma's default of 5 threads")]
    [InlineData("puma", "PUMA_MAX_THREADS=4 MAX_THREADS=9", 4, 1, "PUMA_MAX_THREADS=4")]
    [InlineData("puma", "WEB_CONCURRENCY=0 MAX_THREADS=9", 9, 1, "WEB_CONCURRENCY=0, MAX_THREADS=9")]
    // Puma does not know this one by itself: it is its stock file that does.
    [InlineData("puma", "RAILS_MAX_THREADS=9", 5, 1, "puma's default of 5 threads")]
    [InlineData("rackup -s puma -O Threads=2:4", "", 4, 1, "-O Threads=2:4 on the command line")]
    public void Puma_without_a_file(string line, string environment, int slots, int workers, string evidence)
    {
        var found = Ask.Of(line, environment);
        Assert.Equal((slots, workers, evidence), (found.Slots, found.Workers, found.Evidence));
    }

    [Fact]
    public void The_environments_own_file_comes_first_and_a_named_one_before_both()
    {
        string[] files =
        [
            "config/puma.rb", "threads 1, 1", "config/puma/production.rb", "threads 2, 2", "x.rb", "threads 3, 3",
        ];
        Assert.Equal(1, Ask.Of("puma", "", files).Slots);
        Assert.Equal(2, Ask.Of("puma", "RACK_ENV=production", files).Slots);
        Assert.Equal(2, Ask.Of("puma -e production", "", files).Slots);
        Assert.Equal(2, Ask.Of("rails server -e production", "", files).Slots);
        Assert.Equal(3, Ask.Of("puma -e production -C x.rb", "", files).Slots);
        Assert.Equal(5, Ask.Of("puma -C -", "", files).Slots);
    }

    [Theory]
    [InlineData("workers Concurrent.available_processor_count", "workers at config/puma.rb:1 cannot be told", 5)]
    [InlineData("workers :auto", "workers at config/puma.rb:1 cannot be told", 5)]
    [InlineData("workers ENV.fetch('N')", "workers at config/puma.rb:1 cannot be told", 5)]
    [InlineData("workers 4 if File.exist?('x')", "workers at config/puma.rb:1 cannot be told", 5)]
    [InlineData("if Foo.bar?\n  workers 4\nend", "workers at config/puma.rb:2 cannot be told", 5)]
    [InlineData("threads(*limits)", "threads at config/puma.rb:1 cannot be told", 1)]
    [InlineData("send(:threads, 1, 2)", "threads at config/puma.rb:1 cannot be told", 1)]
    [InlineData("threads 1, \"#{n}\"", "threads at config/puma.rb:1 cannot be told", 1)]
    [InlineData("x = [1\nthreads 16, 16", "threads at config/puma.rb:2 cannot be told", 1)]
    [InlineData("[1].each do |n|\n  threads n, n\nend\n", "threads at config/puma.rb:2 cannot be told", 1)]
    public void What_cannot_be_told_is_never_guessed_upward(string file, string doubt, int slots)
    {
        var found = Ask.Of("puma", "", "config/puma.rb", file);
        Assert.Equal((slots, 1, doubt), (found.Slots, found.Workers, found.Doubt));
    }

    [Fact]
    public void A_rails_server_without_puma_is_not_known()
    {
        Assert.True(Ask.Of("bin/rails server").IsAssumed);
        Assert.True(Ask.Of("bin/rails server -u webrick", "", "config/puma.rb", "threads 9, 9").IsAssumed);
        Assert.Equal(5, Ask.Of("bin/rails server", "", "Gemfile.lock", "    puma (6.4.2)\n").Slots);
    }

    [Theory]
    [InlineData("unicorn -c config/unicorn.rb", "", 3, "config/unicorn.rb:2")]
    [InlineData("unicorn -c config/unicorn.rb -p $PORT", "WEB_CONCURRENCY=5", 5,
        "config/unicorn.rb:2 and WEB_CONCURRENCY")]
    [InlineData("bundle exec unicorn_rails --config-file=config/unicorn.rb", "", 3, "config/unicorn.rb:2")]
    // -w is Ruby's own, for warnings, and config/unicorn.rb counts only where it is named.
    [InlineData("unicorn -w -p 4", "", 1, "unicorn's default")]
    public void Unicorn_is_read_from_the_file_that_is_named(string line, string environment, int slots, string evidence)
    {
        var found = Ask.Of(line, environment, "config/unicorn.rb",
            "timeout 30\nworker_processes Integer(ENV['WEB_CONCURRENCY'] || 3)\npreload_app true\n");
        Assert.Equal(("unicorn", slots, slots, evidence), (found.Server, found.Slots, found.Workers, found.Evidence));
    }
}
