using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Secrets;

namespace Weir.Pooling;

/// <summary>What a client that asks to log in has to show, and where it gets in when it has.</summary>
internal sealed record Admission
{
    /// <summary>Not at all; else null.</summary>
    public PgError? Refusal { get; init; }

    public ProofKind Proof { get; init; }

    /// <summary>
    /// The secret to check against: a password, an MD5 hash or a SCRAM secret; null: nobody's password fits.
    /// </summary>
    public string? Secret { get; init; }

    /// <summary>The password is looked up where the client enters: it says who the client is.</summary>
    public bool IsPass { get; init; }

    /// <summary>Whom the client's proof is for.</summary>
    public ScramSecret? Scram { get; init; }

    /// <summary>The pool that is the client's, once its proof was good.</summary>
    /// <remarks>Given the password or the SCRAM key that the client showed, for servers that take the same.</remarks>
    public required Func<Shown, Entry> Enter { get; init; }

    /// <summary>What a client has shown of itself.</summary>
    /// <param name="Password">In the clear; else null.</param>
    /// <param name="ClientKey">SCRAM's; else null.</param>
    internal sealed record Shown(string? Password, byte[]? ClientKey)
    {
        public static Shown Nothing { get; } = new(null, null);
    }

    /// <param name="Pool">Null: refused after all, for this reason; or the console, where there is neither.</param>
    /// <param name="Name">Of the session, for people: "web.1"; empty: its own application_name.</param>
    internal sealed record Entry(Pool? Pool, PgError? Refusal, string Name)
    {
        public bool IsConsole { get; init; }
        public bool IsConsoleAdmin { get; init; }
    }
}
