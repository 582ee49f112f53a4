using Weir.Core.Processes.Lines;
using Weir.Core.Processes.Servers;

namespace Weir.Core.Processes;

// Goal: the number that the server will truly have, with no word from the user. Trade-off: a number too small costs
// throughput and is found out while running (SlotReality); one too large lets requests wait behind busy workers, which
// is what Weir exists against. So what cannot be read counts as one, and is named in the finding's doubt.

/// <summary>Reads a server's number of slots from its command line, its environment and its configuration.</summary>
internal static class SlotFinder
{
    public static SlotFinding Find(SlotQuestion question)
    {
        SlotFinding? last = null;
        var isBranch = false;
        foreach (var call in ProgramSearch.Find(question))
        {
            if (Read(new ServerCall(call, question)) is not { } found)
                continue;
            // Where the line decides which server runs, the smaller number is the one that cannot hurt.
            isBranch |= call.IsBranch;
            last = last is not null && (isBranch || last.Server == "php-fpm") ? Smaller(last, found) : found;
        }

        return last is null ? SlotFinding.Unknown : Readable(last);
    }

    /// <summary>What only a shell could tell stands in words as a letter that no terminal shows.</summary>
    private static SlotFinding Readable(SlotFinding found) => found with
    {
        Server = found.Server.Replace(ShellScript.Unknown, '?'),
        Evidence = found.Evidence.Replace(ShellScript.Unknown, '?'),
        Doubt = found.Doubt.Replace(ShellScript.Unknown, '?'),
    };

    /// <returns>Null where the program is no server, or not called as one.</returns>
    private static SlotFinding? Read(ServerCall call) => call.Program switch
    {
        "gunicorn" => Gunicorn.Find(call),
        "puma" => Puma.Find(call),
        "rails" => Puma.FindRails(call),
        "rackup" => Puma.FindRackup(call),
        "unicorn" or "unicorn_rails" => Unicorn.Find(call),
        "uwsgi" or "uwsgi_python3" => Uwsgi.Find(call),
        "php-fpm" => PhpFpm.Find(call),
        "heroku-php-nginx" or "heroku-php-apache2" => PhpFpm.FindHeroku(call),
        "waitress-serve" or "waitress" => OtherServers.Waitress(call),
        "manage.py" or "django-admin" => OtherServers.Django(call),
        "flask" => OtherServers.Flask(call),
        "thin" => OtherServers.Thin(call),
        "passenger" => OtherServers.Passenger(call),
        "php" => OtherServers.Php(call),
        "artisan" => OtherServers.Artisan(call),
        _ => OtherServers.IsAsync(call.Program) ? OtherServers.Async(call) : null,
    };

    private static SlotFinding Smaller(SlotFinding one, SlotFinding other)
    {
        if (one.IsAsync && other.IsAsync)
            return other;
        if (one.IsAsync || other.IsAsync)
            return SlotFinding.Unknown with { Doubt = $"whether {one.Server} or {other.Server} runs cannot be told" };
        return one.Slots < other.Slots ? one : other;
    }
}
