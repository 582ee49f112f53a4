using Weir.Core.Processes;

namespace Weir.Tests.Processes;

public sealed class StopHabitsTests
{
    [Theory]
    [InlineData("gunicorn app:app", "TERM", 10)]
    [InlineData("bin/rails server", "TERM", 10)]
    [InlineData("bundle exec unicorn -c config/unicorn.rb", "QUIT", 60)]
    [InlineData("RAILS_ENV=x exec bin/unicorn_rails", "QUIT", 60)]
    [InlineData("bundle exec sidekiq -q default -q celery", "TSTP TERM", 30)]
    [InlineData("celery -A app worker -l info", "TERM", 300)]
    [InlineData("python -m celery -A app worker", "TERM", 300)]
    [InlineData("python manage.py celery worker", "TERM", 300)]
    [InlineData("worker --queue celery", "TERM", 10)]
    [InlineData("/usr/sbin/php-fpm8.2 -F", "QUIT", 60)]
    [InlineData("uwsgi --http-socket :$PORT --module app", "INT", 10)]
    [InlineData("bundle exec rake resque:work", "QUIT", 300)]
    [InlineData("", "TERM", 10)]
    public void Known_servers_end_as_they_are_used_to(string line, string signals, int seconds)
    {
        var habit = StopHabits.Find(line);
        Assert.Equal(signals, string.Join(' ', habit.Signals.Select(SignalNames.Name)));
        Assert.Equal(seconds, habit.Seconds);
    }

    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("SIGTERM", 15)]
    [InlineData("sigquit", 3)]
    [InlineData("TSTP", 20)]
    [InlineData("STOP", 0)]
    [InlineData("15", 0)]
    [InlineData("", 0)]
    public void Signals_have_names(string name, int number) => Assert.Equal(number, SignalNames.Find(name));
}
