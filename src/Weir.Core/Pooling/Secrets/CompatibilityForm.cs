using System.Globalization;
using System.Text;

namespace Weir.Core.Pooling.Secrets;

/// <summary>
/// The compatibility form NFKC of what keyboards give: Latin, Greek and Cyrillic letters, kana, signs, and their
/// full-width and half-width forms, composed or not. .NET's own leaves a text as it is where the program runs with
/// InvariantGlobalization (seen on .NET 10.0.12), and the tables for all of Unicode would be eight times these. What
/// is not in them (decomposed Hangul, accents of polytonic Greek, presentation forms of Arabic, compatibility
/// ideographs, mathematical letters) stays as it is. Unicode 3.2, as SASLprep has it.
/// </summary>
internal static class CompatibilityForm
{
    /// <summary>Gap to the one before, and what it is made of, to the end. In hex.</summary>
    private const string CompatibleText =
        "a0:20 8:20,308 2:61 5:20,304 3:32 1:33 1:20,301 1:3bc 3:20,327 1:31 1:6f 2:31,2044,34 1:31,2044,32 "
        + "1:33,2044,34 74:49,4a 1:69,6a c:4c,b7 1:6c,b7 9:2bc,6e 36:73 45:44,5a,30c 1:44,7a,30c 1:64,7a,30c "
        + "1:4c,4a 1:4c,6a 1:6c,6a 1:4e,4a 1:4e,6a 1:6e,6a 25:44,5a 1:44,7a 1:64,7a 181:2b9 6:20,345 4:3b 6:20,301 "
        + "3:b7 49:3b2 1:3b8 1:3a5 3:3c6 1:3c0 1a:3ba 1:3c1 1:3c2 2:398 1:3b5 1aa5:61,2be 166:20 1:20 1:20 1:20 "
        + "1:20 1:20 1:20 1:20 1:20 1:20 1:20 7:2010 6:20,333 d:2e 1:2e,2e 1:2e,2e,2e 9:20 4:2032,2032 "
        + "1:2032,2032,2032 2:2035,2035 1:2035,2035,2035 5:21,21 2:20,305 9:3f,3f 1:3f,21 1:21,3f "
        + "e:2032,2032,2032,2032 8:20 11:30 1:69 3:34 1:35 1:36 1:37 1:38 1:39 1:2b 1:2212 1:3d 1:28 1:29 1:6e 1:30 "
        + "1:31 1:32 1:33 1:34 1:35 1:36 1:37 1:38 1:39 1:2b 1:2212 1:3d 1:28 1:29 1a:52,73 58:61,2f,63 1:61,2f,73 "
        + "1:43 1:b0,43 2:63,2f,6f 1:63,2f,75 1:190 2:b0,46 1:67 1:48 1:48 1:48 1:68 1:127 1:49 1:49 1:4c 1:6c 2:4e "
        + "1:4e,6f 3:50 1:51 1:52 1:52 1:52 3:53,4d 1:54,45,4c 1:54,4d 2:5a 2:3a9 2:5a 2:4b 1:41,30a 1:42 1:43 2:65 "
        + "1:45 1:46 2:4d 1:6f 1:5d0 1:5d1 1:5d2 1:5d3 1:69 4:3b3 1:393 1:3a0 1:2211 5:44 1:64 1:65 1:69 1:6a "
        + "a:31,2044,33 1:32,2044,33 1:31,2044,35 1:32,2044,35 1:33,2044,35 1:34,2044,35 1:31,2044,36 1:35,2044,36 "
        + "1:31,2044,38 1:33,2044,38 1:35,2044,38 1:37,2044,38 1:31,2044 1:49 1:49,49 1:49,49,49 1:49,56 1:56 "
        + "1:56,49 1:56,49,49 1:56,49,49,49 1:49,58 1:58 1:58,49 1:58,49,49 1:4c 1:43 1:44 1:4d 1:69 1:69,69 "
        + "1:69,69,69 1:69,76 1:76 1:76,69 1:76,69,69 1:76,69,69,69 1:69,78 1:78 1:78,69 1:78,69,69 1:6c 1:63 1:64 "
        + "1:6d f1c:20,3099 1:20,309a 3:3088,308a 60:30b3,30c8 ca01:66,66 1:66,69 1:66,6c 1:66,66,69 1:66,66,6c "
        + "1:73,74 1:73,74 459:2985 1:2986 1:3002 1:300c 1:300d 1:3001 1:30fb 1:30f2 1:30a1 1:30a3 1:30a5 1:30a7 "
        + "1:30a9 1:30e3 1:30e5 1:30e7 1:30c3 1:30fc 1:30a2 1:30a4 1:30a6 1:30a8 1:30aa 1:30ab 1:30ad 1:30af 1:30b1 "
        + "1:30b3 1:30b5 1:30b7 1:30b9 1:30bb 1:30bd 1:30bf 1:30c1 1:30c4 1:30c6 1:30c8 1:30ca 1:30cb 1:30cc 1:30cd "
        + "1:30ce 1:30cf 1:30d2 1:30d5 1:30d8 1:30db 1:30de 1:30df 1:30e0 1:30e1 1:30e2 1:30e4 1:30e6 1:30e8 1:30e9 "
        + "1:30ea 1:30eb 1:30ec 1:30ed 1:30ef 1:30f3 1:3099 1:309a 41:a2 1:a3 1:ac 1:20,304 1:a6 1:a5 1:20a9";

    /// <summary>A mark, then what it makes of letters: gap of the result to the one before, and the letter.</summary>
    private static readonly string[] s_composed =
    [
        "300 c0:41 8:45 4:49 6:4f 7:55 7:61 8:65 4:69 6:6f 7:75 e2:dc 1:fc 1c:4e 1:6e 207:415 d:418 43:435 d:438 "
        + "19b7:112 1:113 3b:14c 1:14d 2f:57 1:77 25:c2 1:e2 9:102 1:103 f:ca 1:ea 11:d4 1:f4 9:1a0 1:1a1 d:1af "
        + "1:1b0 7:59 1:79",
        "301 c1:41 8:45 4:49 6:4f 7:55 3:59 4:61 8:65 4:69 6:6f 7:75 3:79 9:43 1:63 32:4c 1:6c 9:4e 1:6e 10:52 "
        + "1:72 5:53 1:73 1e:5a 1:7a 5d:dc 1:fc 1c:47 1:67 5:c5 1:e5 1:c6 1:e6 1:d8 1:f8 186:a8 1:391 2:395 1:397 "
        + "1:399 2:39f 2:3a5 1:3a9 1:3ca 1c:3b1 1:3b5 1:3b7 1:3b9 1:3cb 1c:3bf 1:3c5 1:3c9 5:3d2 30:413 9:41a "
        + "47:433 9:43a 19ac:c7 1:e7 d:112 1:113 17:cf 1:ef 1:4b 1:6b d:4d 1:6d d:d5 1:f5 5:14c 1:14d 1:50 1:70 "
        + "23:168 1:169 9:57 1:77 21:c2 1:e2 9:102 1:103 f:ca 1:ea 11:d4 1:f4 9:1a0 1:1a1 d:1af 1:1b0",
        "302 c2:41 8:45 4:49 6:4f 7:55 7:61 8:65 4:69 6:6f 7:75 d:43 1:63 13:47 1:67 7:48 1:68 f:4a 1:6a 27:53 "
        + "1:73 17:57 1:77 1:59 1:79 1d19:5a 1:7a 1b:1ea0 1:1ea1 19:1eb8 1:1eb9 11:1ecc 1:1ecd",
        "303 c3:41 e:4e 4:4f e:61 e:6e 4:6f 33:49 1:69 3f:55 1:75 1d13:56 1:76 2d:c2 1:e2 9:102 1:103 7:45 1:65 "
        + "7:ca 1:ea 11:d4 1:f4 9:1a0 1:1a1 d:1af 1:1b0 9:59 1:79",
        "304 100:41 1:61 11:45 1:65 17:49 1:69 21:4f 1:6f 1d:55 1:75 6a:dc 1:fc 8:c4 1:e4 1:226 1:227 1:c6 1:e6 "
        + "9:1ea 1:1eb 3d:d6 1:f6 1:d5 1:f5 3:22e 1:22f 1:59 1:79 2af:418 1:438 b:423 1:443 1931:47 1:67 17:1e36 "
        + "1:1e37 23:1e5a 1:1e5b",
        "306 102:41 1:61 11:45 1:65 9:47 1:67 d:49 1:69 21:4f 1:6f 1d:55 1:75 2a1:423 b:418 20:438 25:443 63:416 "
        + "1:436 e:410 1:430 5:415 1:435 1945:228 1:229 99:1ea0 1:1ea1",
        "307 10a:43 1:63 b:45 1:65 9:47 1:67 f:49 4b:5a 1:7a aa:41 1:61 7:4f 1:6f 1bd3:42 1:62 7:44 1:64 13:46 "
        + "1:66 3:48 1:68 1d:4d 1:6d 3:4e 1:6e 11:50 1:70 1:52 1:72 7:53 1:73 3:15a 1:15b 1:160 1:161 1:1e62 1:1e63 "
        + "1:54 1:74 1b:57 1:77 3:58 1:78 3:59 1:79 c:17f",
        "308 c4:41 7:45 4:49 7:4f 6:55 8:61 7:65 4:69 7:6f 6:75 3:79 79:59 232:399 1:3a5 1f:3b9 1:3c5 9:3d2 "
        + "2d:415 6:406 4a:435 6:456 7b:410 1:430 7:4d8 1:4d9 1:416 1:436 1:417 1:437 5:418 1:438 1:41e 1:43e 3:4e8 "
        + "1:4e9 1:42d 1:44d 3:423 1:443 3:427 1:447 3:42b 1:44b 192d:48 1:68 27:d5 1:f5 2b:16a 1:16b 9:57 1:77 "
        + "7:58 1:78 a:74",
        "309 1ea2:41 1:61 5:c2 1:e2 9:102 1:103 7:45 1:65 7:ca 1:ea 5:49 1:69 5:4f 1:6f 5:d4 1:f4 9:1a0 1:1a1 "
        + "7:55 1:75 5:1af 1:1b0 9:59 1:79",
        "30a c5:41 20:61 89:55 1:75 1d29:77 1:79",
        "30b 150:4f 1:6f 1f:55 1:75 381:423 1:443",
        "30c 10c:43 1:63 1:44 1:64 b:45 1:65 22:4c 1:6c 9:4e 1:6e 10:52 1:72 7:53 1:73 3:54 1:74 18:5a 1:7a 4f:41 "
        + "1:61 1:49 1:69 1:4f 1:6f 1:55 1:75 5:dc 1:fc c:47 1:67 1:4b 1:6b 5:1b7 1:292 1:6a 2e:48 1:68",
        "30f 200:41 1:61 3:45 1:65 3:49 1:69 3:4f 1:6f 3:52 1:72 3:55 1:75 261:474 1:475",
        "311 202:41 1:61 3:45 1:65 3:49 1:69 3:4f 1:6f 3:52 1:72 3:55 1:75",
        "31b 1a0:4f 1:6f e:55 1:75",
        "323 1e04:42 1:62 7:44 1:64 17:48 1:68 d:4b 1:6b 3:4c 1:6c b:4d 1:6d 3:4e 1:6e 13:52 1:72 7:53 1:73 9:54 "
        + "1:74 11:56 1:76 9:57 1:77 9:5a 1:7a d:41 1:61 17:45 1:65 11:49 1:69 1:4f 1:6f 15:1a0 1:1a1 1:55 1:75 "
        + "b:1af 1:1b0 3:59 1:79",
        "324 1e72:55 1:75",
        "325 1e00:41 1:61",
        "326 218:53 1:73 1:54 1:74",
        "327 c7:43 20:63 3b:47 1:67 13:4b 1:6b 4:4c 1:6c 9:4e 1:6e 10:52 1:72 7:53 1:73 3:54 1:74 c5:45 1:65 "
        + "1be7:44 1:64 17:48 1:68",
        "328 104:41 1:61 13:45 1:65 15:49 1:69 43:55 1:75 77:4f 1:6f",
        "32d 1e12:44 1:64 5:45 1:65 23:4c 1:6c d:4e 1:6e 25:54 1:74 5:55 1:75",
        "32e 1e2a:48 1:68",
        "330 1e1a:45 1:65 11:49 1:69 47:55 1:75",
        "331 1e06:42 1:62 7:44 1:64 25:4b 1:6b 5:4c 1:6c d:4e 1:6e 15:52 1:72 f:54 1:74 25:5a 1:7a 1:68",
        "3099 304c:304b 2:304d 2:304f 2:3051 2:3053 2:3055 2:3057 2:3059 2:305b 2:305d 2:305f 2:3061 3:3064 "
        + "2:3066 2:3068 7:306f 3:3072 3:3075 3:3078 3:307b 18:3046 a:309d e:30ab 2:30ad 2:30af 2:30b1 2:30b3 "
        + "2:30b5 2:30b7 2:30b9 2:30bb 2:30bd 2:30bf 2:30c1 3:30c4 2:30c6 2:30c8 7:30cf 3:30d2 3:30d5 3:30d8 3:30db "
        + "18:30a6 3:30ef 1:30f0 1:30f1 1:30f2 4:30fd",
        "309a 3071:306f 3:3072 3:3075 3:3078 3:307b 54:30cf 3:30d2 3:30d5 3:30d8 3:30db",
    ];

    /// <summary>First, count and combining class of marks (PropList of Unicode), in hex.</summary>
    private const string ClassText =
        "300 15 e6 315 1 e8 316 4 dc 31a 1 e8 31b 1 d8 31c 5 dc 321 2 ca 323 4 dc 327 2 ca 329 b dc 334 5 1 339 4 dc "
        + "33d 8 e6 345 1 f0 3099 2 8";

    private static readonly Dictionary<int, int[]> s_compatible = ReadCompatible();
    private static readonly Dictionary<(int Letter, int Mark), int> s_made = ReadComposed();
    private static readonly Dictionary<int, (int Letter, int Mark)> s_parts =
        s_made.ToDictionary(pair => pair.Value, pair => pair.Key);
    private static readonly Dictionary<int, int> s_classes = ReadClasses();

    /// <summary>Decomposed, marks in their order, and composed again.</summary>
    /// <param name="text">Without lone surrogates.</param>
    public static string Of(string text)
    {
        var points = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, points);
        Order(points);
        Compose(points);
        var made = new StringBuilder(points.Count);
        foreach (var point in points)
            made.Append(new Rune(point));
        return made.ToString();
    }

    private static void Decompose(int point, List<int> into)
    {
        const int fullWidthFirst = 0xff01;
        const int fullWidthLast = 0xff5e;
        if (point is >= fullWidthFirst and <= fullWidthLast)
            into.Add(point - fullWidthFirst + '!');
        else if (s_compatible.TryGetValue(point, out var parts))
            into.AddRange(parts);
        else if (s_parts.TryGetValue(point, out var two))
        {
            Decompose(two.Letter, into);
            into.Add(two.Mark);
        }
        else
            into.Add(point);
    }

    /// <summary>Neighbouring marks by their class; those of one class stay in their order.</summary>
    private static void Order(List<int> points)
    {
        for (var index = 1; index < points.Count; index++)
        {
            var own = ClassOf(points[index]);
            for (var at = index; own > 0 && at > 0 && ClassOf(points[at - 1]) > own; at--)
                (points[at - 1], points[at]) = (points[at], points[at - 1]);
        }
    }

    private static void Compose(List<int> points)
    {
        var (letter, last, kept) = (-1, -1, 0);
        foreach (var point in points.ToArray())
        {
            var own = ClassOf(point);
            if (letter >= 0 && last < own && s_made.TryGetValue((points[letter], point), out var made))
            {
                points[letter] = made;
                continue;
            }

            if (own == 0)
                (letter, last) = (kept, -1);
            else
                last = own;
            points[kept++] = point;
        }

        points.RemoveRange(kept, points.Count - kept);
    }

    private static int ClassOf(int point) => s_classes.GetValueOrDefault(point);

    private static Dictionary<int, int[]> ReadCompatible()
    {
        var read = new Dictionary<int, int[]>();
        var at = 0;
        foreach (var word in CompatibleText.Split(' '))
        {
            var colon = word.IndexOf(':', StringComparison.Ordinal);
            at += Hex(word[..colon]);
            read.Add(at, [.. word[(colon + 1)..].Split(',').Select(Hex)]);
        }

        return read;
    }

    private static Dictionary<(int Letter, int Mark), int> ReadComposed()
    {
        var read = new Dictionary<(int, int), int>();
        foreach (var row in s_composed)
        {
            var words = row.Split(' ');
            var (mark, at) = (Hex(words[0]), 0);
            foreach (var word in words.Skip(1))
            {
                var colon = word.IndexOf(':', StringComparison.Ordinal);
                at += Hex(word[..colon]);
                read.Add((Hex(word[(colon + 1)..]), mark), at);
            }
        }

        return read;
    }

    private static Dictionary<int, int> ReadClasses()
    {
        var read = new Dictionary<int, int>();
        var words = ClassText.Split(' ').Select(Hex).ToArray();
        for (var index = 0; index < words.Length; index += 3)
        {
            for (var offset = 0; offset < words[index + 1]; offset++)
                read.Add(words[index] + offset, words[index + 2]);
        }

        return read;
    }

    private static int Hex(string text) =>
        int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
