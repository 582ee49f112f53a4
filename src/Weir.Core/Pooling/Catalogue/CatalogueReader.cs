using System.Text;
using Weir.Core.Pooling.Sql;

namespace Weir.Core.Pooling.Catalogue;

/// <summary>Takes the rows of <see cref="CatalogueFacts.Query"/> and makes the facts of them.</summary>
public sealed class CatalogueReader
{
    // By name, whatever schema and arguments: a text does not tell which of them it calls.
    private readonly Dictionary<string, Function> _functions = new(StringComparer.Ordinal);
    private readonly List<(string Name, bool IsInsertOnly)> _hidden = [];
    private bool _hasRules;
    private bool _hasSettingsView;
    private bool _isFed;

    public CatalogueReader()
    {
        foreach (var word in Keywords.All)
        {
            if (word.Keyword == Keyword.None || word.Keyword == Keyword.SetConfig)
                Find(Encoding.ASCII.GetString(word.Name)).Add(word.Residue, word.Touch);
        }

        // As a function that others reach; where it is called by name, its arguments tell.
        _functions["set_config"].Add(Residue.Resettable, Touch.HiddenCode);
    }

    /// <summary>One row, its columns as they came; a null column is an empty span.</summary>
    public void Row(
        ReadOnlySpan<byte> kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> detail, ReadOnlySpan<byte> source)
    {
        _isFed = true;
        var function = Encoding.Latin1.GetString(name);
        switch (kind)
        {
            case [(byte)'f']:
                TakeFunction(function, detail, source);
                break;
            case [(byte)'e']:
                var callers = Find(function);
                foreach (var mention in FunctionSource.Read(source).Mentions)
                    callers.Mentions.Add(mention);
                // Its arguments are not among the names.
                if (callers.Mentions.Contains("set_config"))
                    callers.Add(Residue.Resettable, Touch.HiddenCode);
                if (!detail.IsEmpty)
                    callers.Add(Residue.Resettable, Touch.Sequence);
                break;
            case [(byte)'h']:
                _hidden.Add((function, false));
                break;
            case [(byte)'i']:
                _hidden.Add((function, true));
                break;
            case [(byte)'b']:
                if (!_functions.ContainsKey(function) && !HarmlessFunctions.IsBuiltIn(function))
                    Find(function).Add(Residue.ResettableWithStatements, Touch.HiddenCode);
                break;
            case [(byte)'r']:
                _hasRules = true;
                _hasSettingsView |= name.SequenceEqual("pg_settings"u8);
                break;
        }
    }

    /// <summary>All rows are taken. Without any, the facts are <see cref="CatalogueFacts.Unknown"/>.</summary>
    public CatalogueFacts Build()
    {
        if (!_isFed)
            return CatalogueFacts.Unknown;
        Spread();
        var floor = _hasRules ? Residue.Resettable : Residue.None;
        var settings = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (name, isInsertOnly) in _hidden)
        {
            if (!_functions.TryGetValue(name, out var function))
                continue;
            // A text that inserts is never plain by itself.
            if (isInsertOnly && function.Residue <= Residue.Resettable)
                continue;
            if (function.Residue > floor)
                floor = function.Residue;
            settings.UnionWith(function.Settings);
        }

        var words = new List<WordMeaning>();
        foreach (var (name, function) in _functions)
        {
            // The built-in one is judged by its arguments at each call.
            if (name == "set_config" && !function.IsUsers)
                continue;
            if (function.Residue != Residue.None || function.Touch != Touch.None)
                words.Add(function.ToWord(name));
        }

        return new CatalogueFacts(words, floor, [.. settings], _hasSettingsView);
    }

    private void TakeFunction(string name, ReadOnlySpan<byte> detail, ReadOnlySpan<byte> source)
    {
        var blank = detail.IndexOf((byte)' ');
        var language = blank < 0 ? detail : detail[..blank];
        var extension = blank < 0 ? "" : Encoding.Latin1.GetString(detail[(blank + 1)..]);
        var function = Find(name);
        function.IsUsers = true;
        if (language.SequenceEqual("sql"u8) || language.SequenceEqual("plpgsql"u8))
        {
            function.Take(FunctionSource.Read(source));
            return;
        }

        if (name == "set_limit" && extension == "pg_trgm")
        {
            function.Add(Residue.Resettable, Touch.HiddenCode);
            return;
        }

        // Its connections live as long as the session, and no DISCARD closes them.
        if (name.StartsWith("dblink_connect", StringComparison.Ordinal))
            function.Add(Residue.Lasting, Touch.Lasting);
        if (HarmlessFunctions.IsOfExtension(extension, name))
            return;
        function.Add(Residue.ResettableWithStatements, Touch.HiddenCode);
        if (LastingWords.Mentions(source))
            function.Add(Residue.Lasting, Touch.Lasting);
    }

    /// <summary>Who names a dangerous function is dangerous, until nothing changes.</summary>
    private void Spread()
    {
        var callers = new Dictionary<string, List<Function>>(StringComparer.Ordinal);
        foreach (var function in _functions.Values)
        {
            foreach (var mention in function.Mentions)
            {
                if (!_functions.ContainsKey(mention) || mention == "set_config")
                    continue;
                if (!callers.TryGetValue(mention, out var list))
                    callers[mention] = list = [];
                list.Add(function);
            }
        }

        var open = new Queue<Function>(_functions.Values.Where(function => function.Residue != Residue.None));
        var names = _functions.ToDictionary(pair => pair.Value, pair => pair.Key);
        while (open.TryDequeue(out var function))
        {
            if (!callers.TryGetValue(names[function], out var list))
                continue;
            foreach (var caller in list)
            {
                if (caller.TakeFrom(function))
                    open.Enqueue(caller);
            }
        }
    }

    private Function Find(string name)
    {
        if (!_functions.TryGetValue(name, out var function))
            _functions[name] = function = new Function();
        return function;
    }

    private sealed class Function
    {
        public Residue Residue { get; set; }

        public Touch Touch { get; set; }

        public bool IsUsers { get; set; }

        public HashSet<string> Settings { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Mentions { get; } = new(StringComparer.Ordinal);

        public void Add(Residue residue, Touch touch)
        {
            if (residue > Residue)
                Residue = residue;
            Touch |= touch;
        }

        public void Take(FunctionSource source)
        {
            Add(source.Residue, source.Touch);
            Settings.UnionWith(source.Settings);
            Mentions.UnionWith(source.Mentions);
        }

        /// <returns>Whether that made a difference.</returns>
        public bool TakeFrom(Function called)
        {
            var (residue, touch, settings) = (Residue, Touch, Settings.Count);
            // What a lock or a sequence needs asking of the text, a function needs asking by an audit.
            var isAudit = (called.Touch & ~(Touch.Sequence | Touch.ReadsSequence | Touch.Frees)) != 0;
            Add(called.Residue, called.Touch | (isAudit ? Touch.HiddenCode : Touch.None));
            Settings.UnionWith(called.Settings);
            return residue != Residue || touch != Touch || settings != Settings.Count;
        }

        public WordMeaning ToWord(string name) => new()
        {
            Name = Encoding.Latin1.GetBytes(name),
            Residue = Residue,
            Touch = Touch,
            Settings = [.. Settings],
        };
    }
}
