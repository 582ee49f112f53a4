namespace Weir.Core.Processes.Lines;

/// <summary>Reads a shell line or script into the simple commands it would run, as far as this can be told.</summary>
internal static class ShellScript
{
    /// <summary>Stands in a word for what only a running shell could tell.</summary>
    public const char Unknown = '\0';

    private static readonly string[] s_reserved =
        ["if", "then", "elif", "else", "fi", "while", "until", "do", "done", "case", "esac", "in", "for", "{", "}", "!",
            "time", "function"];

    /// <param name="arguments">$0, $1 … of a script; empty for a line.</param>
    public static List<ShellCommand> Read(
        string line, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments,
        ProcessorCounts processors)
    {
        var state = new State(environment, arguments, processors);
        var words = new List<string>();
        var isTarget = false;
        foreach (var word in ShellPiece.Cut(line))
        {
            if (!word.IsOperator)
            {
                if (!isTarget)
                    words.Add(word.Text);
                isTarget = false;
                continue;
            }

            isTarget = word.Text[0] is '<' or '>' || word.Text == "&>";
            if (isTarget)
            {
                // The 2 of 2>&1 is no word of the command.
                if (words.Count > 0 && words[^1].Length == 1 && char.IsAsciiDigit(words[^1][0]))
                    words.RemoveAt(words.Count - 1);
                continue;
            }

            state.Take(words);
            words.Clear();
            state.After(word.Text);
        }

        state.Take(words);
        return state.Commands;
    }

    private sealed class State(
        IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments, ProcessorCounts processors)
    {
        private readonly Dictionary<string, string> _exported = new(environment);
        private readonly Dictionary<string, string> _variables = new(environment);
        private int _branches;
        private bool _isOther;

        public List<ShellCommand> Commands { get; } = [];

        public void After(string operation) => _isOther = operation == "||";

        public void Take(List<string> raw)
        {
            var at = 0;
            while (at < raw.Count && s_reserved.Contains(raw[at]))
                _branches = Math.Max(0, _branches + Opening(raw[at++]));
            var own = new Dictionary<string, string>();
            var expansion = new ShellExpansion(_variables, arguments, processors);
            for (; at < raw.Count && AssignmentAt(raw[at]) is var equals and > 0; at++)
                own[raw[at][..equals]] = expansion.Text(raw[at][(equals + 1)..]);
            var words = new List<string>();
            foreach (var word in raw.Skip(at))
                words.AddRange(expansion.Fields(word));
            if (words.Count == 0)
                Assign(own, isExport: false);
            else if (words[0] == "export")
                Export(words);
            else
                Commands.Add(new ShellCommand(words, With(own), _branches > 0 || _isOther));
        }

        private void Export(List<string> words)
        {
            foreach (var word in words.Skip(1))
            {
                var equals = AssignmentAt(word);
                if (equals > 0)
                    Assign(new Dictionary<string, string> { [word[..equals]] = word[(equals + 1)..] }, isExport: true);
                else if (_variables.TryGetValue(word, out var value))
                    _exported[word] = value;
            }
        }

        private void Assign(Dictionary<string, string> pairs, bool isExport)
        {
            foreach (var (name, text) in pairs)
            {
                // What is set in a branch, or after ||, may be set or not.
                var isSure = _branches == 0 && !_isOther;
                var value = isSure ? text : Unknown.ToString();
                _variables[name] = value;
                if (isExport || _exported.ContainsKey(name))
                    _exported[name] = value;
            }
        }

        private Dictionary<string, string> With(Dictionary<string, string> own)
        {
            var all = new Dictionary<string, string>(_exported);
            foreach (var (name, value) in own)
                all[name] = value;
            return all;
        }

        private static int Opening(string word) => word switch
        {
            "if" or "while" or "until" or "case" or "for" => 1,
            "fi" or "done" or "esac" => -1,
            _ => 0,
        };
    }

    /// <returns>The place of the = in NAME=value; −1 where the word is none.</returns>
    public static int AssignmentAt(string word)
    {
        for (var at = 0; at < word.Length; at++)
        {
            if (word[at] == '=')
                return at > 0 ? at : -1;
            if (!(char.IsAsciiLetter(word[at]) || word[at] == '_' || (at > 0 && char.IsAsciiDigit(word[at]))))
                return -1;
        }

        return -1;
    }
}
