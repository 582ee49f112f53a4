namespace Weir.Pooling;

/// <summary>How a client shows who it is. In the order of pool.auth's words.</summary>
internal enum PoolAuth : byte
{
    /// <summary>
    /// Its word is believed; where there is a list of users (auth-file, auth-query), it must be in it.
    /// </summary>
    Trust,

    /// <summary>SCRAM-SHA-256; with PLUS over TLS. Its secret is plain or SCRAM.</summary>
    Scram,

    /// <summary>The password in clear text, checked against any kind of secret.</summary>
    Password,

    /// <summary>MD5; SCRAM where the stored secret is a SCRAM one, as PgBouncer and PostgreSQL do.</summary>
    Md5,

    /// <summary>A client certificate whose common name is the user.</summary>
    Cert,

    /// <summary>
    /// pgbouncer.ini's <c>any</c> alone: the name is not looked at, and every database names the user that it is used
    /// as. It has no word, since <see cref="Trust"/> without a list of users does the same.
    /// </summary>
    Any,
}
