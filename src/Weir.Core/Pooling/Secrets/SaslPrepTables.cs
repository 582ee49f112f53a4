namespace Weir.Core.Pooling.Secrets;

/// <summary>The tables of RFC 3454 that RFC 4013 uses, joined where they are used together.</summary>
internal static class SaslPrepTables
{
    /// <summary>Non-ASCII spaces (RFC 3454 table C.1.2), which become spaces.</summary>
    public static readonly CodePointRanges Space = new(
        "a0 1 15df 1 97f c 23 1 2f 1 fa0 1");

    /// <summary>What is commonly mapped to nothing (table B.1).</summary>
    public static readonly CodePointRanges Nothing = new(
        "ad 1 2a1 1 14b6 1 4 3 7fd 3 52 1 dd9f 10 ef 1");

    /// <summary>
    /// What no prepared text may have (tables C.1.2 to C.9), and what Unicode 3.2 had not assigned (A.1).
    /// </summary>
    public static readonly CodePointRanges Prohibited = new(
        "0 20 5f 22 180 1 12 1c 5e 2 3f 11 40 2 e 10 10 4 2 4 1 3 1 5 7 1 1 1 14 1 2c 1 27 9 87 1 47 1 26 2 "
        + "2 6 10 21 26 2 7 1 27 1 2 6 11 1 17 1 a b 1b 5 5 17 1 e 1 3 1 1 1a 5 16 a 7d 1 10 2 f 1 e 2 1d 3 1b "
        + "35 32 14f 3 1 35 2 12 2 5 3 19 10 3 1 8 2 2 2 16 1 7 1 1 3 4 2 1 1 7 2 2 2 3 9 1 4 2 1 5 2 15 7 1 2 "
        + "6 4 2 2 16 1 7 1 2 1 2 1 2 2 1 1 5 4 2 2 3 b 4 1 1 7 f c 3 1 7 1 1 1 3 1 16 1 7 1 2 1 5 2 a 1 3 1 3 "
        + "2 1 f 1 5 a 11 3 1 8 2 2 2 16 1 7 1 2 2 4 2 8 3 2 2 3 8 2 4 2 1 3 4 b 11 2 1 6 3 3 1 4 3 2 1 1 1 2 "
        + "3 2 3 3 3 8 1 3 4 5 3 3 1 4 9 1 f c e 3 1 8 1 3 1 17 1 a 1 5 4 7 1 3 1 4 7 2 9 2 4 a 12 2 1 8 1 3 1 "
        + "17 1 a 1 5 4 7 1 3 1 4 7 2 7 1 1 2 4 a 12 2 1 8 1 3 1 17 1 10 4 6 2 3 1 4 9 1 8 2 4 a 12 2 1 12 3 "
        + "18 1 9 1 1 2 7 3 1 4 6 1 1 1 8 12 3 c 3a 4 1d 25 2 1 1 2 2 1 1 2 1 6 4 1 7 1 3 1 1 1 1 2 2 1 d 1 3 "
        + "2 5 1 1 1 6 2 a 2 2 22 48 1 22 6 1b 4 8 1 24 1 f 2 1 30 22 1 5 1 2 1 7 3 4 6 1a 46 26 a 29 2 1 4 5a "
        + "5 44 5 52 6 7 1 3f 1 1 1 4 2 7 1 1 1 4 2 27 1 1 1 4 2 1f 1 1 1 4 2 7 1 1 1 4 2 7 1 7 1 17 1 1f 1 1 "
        + "1 4 2 7 1 27 1 13 6 1c 23 55 c 276 a 1c 3 51 f d 1 7 b 17 9 14 c d 1 3 1 2 c 5d 3 a 16 e 2 a 6 58 8 "
        + "2a 556 9c 4 5a 6 16 2 6 2 26 2 6 2 8 1 1 1 1 1 1 1 1f 2 35 1 f 1 e 2 6 1 13 2 3 1 9 11 18 8 23 4 1 "
        + "18 2 2 1b 11 12 1e 1b 15 3b 2 f 7 31 c 23f 31 27 19 b 15 9f 1 114 2 2 1 65 2 a 77 4 1 4 2 1c 1 23 1 "
        + "1 1 4 3 1 1 7 2 34 3 18 1 e 11 1c 4 310 380 1a 1 59 c d6 2b 3f 1 56 2 67 5 28 4 5e 1 28 38 2d 3 24 "
        + "d 2b 3 4d 4 2f 1 77 4 63 2 1f 1 19b6 4a 51a6 5a 48d 3 37 739 2ba4 5c 800 1900 12e 2 3b 95 7 c 5 5 "
        + "1a 1 5 1 1 1 2 1 2 1 6c 21 16d 10 40 2 36 28 d 3 10 10 4 c 17 2 a 1 13 1 4 4 5 1 87 4 be 3 6 2 6 2 "
        + "6 2 3 3 7 1 7 311 1f 1 4 c 1b b5 26 2 26 cbb2 f6 a 27 3 49 8 63 222 55 1 47 1 2 2 1 2 2 2 4 1 c 1 1 "
        + "1 4 1 2 1 41 1 4 2 8 1 7 1 1c 1 4 1 5 1 1 3 7 1 152 4 122 4 32 2800 a6d7 5129 21e e05e2");

    /// <summary>Letters written from right to left (table D.1).</summary>
    public static readonly CodePointRanges RightToLeft = new(
        "5be 1 1 1 2 1 c 1b 5 5 26 1 3 1 1 1a 5 b 22 3 1 65 7 1 7 2 13 5 1 e 2 1 1 1b 53 26 b 1 185d 1 db0d "
        + "1 1 a 1 d 1 5 1 1 1 2 1 2 1 6c 21 16b 12 40 2 36 28 d 73 5 1 87");

    /// <summary>Letters written from left to right (table D.2).</summary>
    public static readonly CodePointRanges LeftToRight = new(
        "41 1a 6 1a 2f 1 a 1 4 1 5 17 1 1f 1 129 1 12 1c 5e 2 9 2 7 e 2 e 5 9 1 8b 1 b 1 1 3 1 1 1 14 1 2c 1 "
        + "26 a 83 7 45 1 26 2 2 6 10 21 26 2 7 1 27 1 1 379 1 1 35 3 4 8 4 3 1 7 a 2 d 11 2 1 8 2 2 2 16 1 7 "
        + "1 1 3 4 4 3 6 2 2 2 a 1 4 2 1 3 4 c 2 7 a 6 4 2 2 16 1 7 1 2 1 2 1 2 4 3 18 4 1 1 7 a 2 3 e 1 1 7 1 "
        + "1 1 3 1 16 1 7 1 2 1 5 3 4 8 1 1 2 3 1 f 1 5 a 12 2 1 8 2 2 2 16 1 7 1 2 2 4 3 2 1 1 6 2 2 2 a 1 4 "
        + "2 1 3 4 b 12 1 1 6 3 3 1 4 3 2 1 1 1 2 3 2 3 3 3 8 1 3 4 2 1 2 3 3 1 3 a 1 f c e 3 1 8 1 3 1 17 1 a "
        + "1 5 7 4 1b 2 4 a 12 2 1 8 1 3 1 17 1 a 1 5 4 1 1 5 2 2 1 2 9 2 7 1 1 2 4 a 12 2 1 8 1 3 1 17 1 10 4 "
        + "3 5 3 1 3 a 1 8 2 4 a 12 2 1 12 3 18 1 9 1 1 2 7 8 3 6 8 12 3 c 30 1 2 c 7 8 d 25 2 1 1 2 2 1 1 2 1 "
        + "6 4 1 7 1 3 1 1 1 1 2 2 1 4 1 2 9 1 2 5 1 1 9 a 2 2 22 18 2 1b 1 1 1 1 5 a 1 22 14 1 5 1 2 4 32 8 1 "
        + "6 2 1 30 22 1 5 1 2 1 1 4 1 6 1 7 18 48 26 a 29 2 1 4 5a 5 44 5 52 6 7 1 3f 1 1 1 4 2 7 1 1 1 4 2 "
        + "27 1 1 1 4 2 1f 1 1 1 4 2 7 1 1 1 4 2 7 1 7 1 17 1 1f 1 1 1 4 2 7 1 27 1 13 6 1c 23 55 c 276 a 1a 5 "
        + "51 f d 1 4 e 12 3 2 9 12 e d 1 3 f 37 7 8 1 2 b 7 1 1 3 a 26 a 6 58 8 29 557 9c 4 5a 6 16 2 6 2 26 "
        + "2 6 2 8 1 1 1 1 1 1 1 1f 2 35 1 7 1 1 3 3 1 7 3 4 2 6 4 d 5 3 1 7 11 1 62 1 d 1 82 1 4 1 2 a 1 1 3 "
        + "5 6 1 1 1 1 1 1 4 1 3 1 7 3 3 5 5 16 24 1b2 45 1a 1 106 4e b1b 3 19 9 7 5 2 5 4 56 6 3 1 5a 1 4 5 "
        + "28 4 5e 1 28 38 2d 3 24 1c 1c 3 32 f c 4 2f 1 77 4 63 2 1f 1 19b6 4a 51a6 5a 48d 773 2ba4 85c 1a2e "
        + "2 3b 95 7 c 5 409 1a 6 1a b 59 3 6 2 6 2 6 2 3 323 1f 1 4 c 1b b5 26 2 26 cbb2 f6 a 27 3 3d 3 9 10 "
        + "2 7 1e 4 30 222 55 1 47 1 2 2 1 2 2 2 4 1 c 1 1 1 4 1 2 1 41 1 4 2 8 1 7 1 1c 1 4 1 5 1 1 3 7 1 152 "
        + "4 122 2836 a6d7 5129 21e c05e2 fffe 2 fffe");
}
