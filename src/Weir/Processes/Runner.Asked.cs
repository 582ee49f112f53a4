namespace Weir.Processes;

// What people ask for, by the command line or the admin API. They are answered at a turn's end, when the facts tell of
// what was done already: whoever looks at the status after an answer sees it.
internal sealed partial class Runner
{
    private readonly List<Asked> _asked = [];

    private static Func<Asked.Answer?> Said(string fault) => () => new Asked.Answer(fault);

    /// <param name="act">What is to be done; gives what to look at for the answer.</param>
    private Task<string?> AskAsync(Func<Func<Asked.Answer?>> act)
    {
        var done = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            var look = _isStopping ? Said("Weir is stopping")
                : _renewal is not null ? Said("a restart is under way: wait for its end (weir status shows it)")
                : act();
            _asked.Add(new Asked(done, look));
        });
        return done.Task;
    }

    private void AnswerAsked()
    {
        for (var index = _asked.Count - 1; index >= 0; index--)
        {
            var asked = _asked[index];
            if (asked.Look() is not { } answer)
                continue;
            _asked.RemoveAt(index);
            asked.Done.TrySetResult(answer.Fault);
        }
    }

    /// <summary>The runner has ended: nothing more will come of it.</summary>
    private void RefuseAsked()
    {
        foreach (var asked in _asked)
            asked.Done.TrySetResult("Weir is stopping");
        _asked.Clear();
    }
}
