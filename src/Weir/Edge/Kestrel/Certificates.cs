using System.Net.Security;
using Weir.Ledger;

namespace Weir.Edge.Kestrel;

/// <summary>The certificates of the TLS door: which one a name gets, and what becomes of changed files.</summary>
internal sealed class Certificates
{
    private readonly bool _http2;
    private readonly Action<HouseMessage, string, string> _say;
    private IReadOnlyList<CertificateOptions> _options;
    private string?[] _failed;
    private ServedCertificate[] _served;
    private int _looking;

    /// <exception cref="FormatException">There is none, or one cannot be read: a door without it must not
    /// open.</exception>
    public Certificates(
        IReadOnlyList<CertificateOptions> options, bool http2, Action<HouseMessage, string, string> say)
    {
        if (options.Count == 0)
            throw new FormatException("listen-tls needs a certificate: set tls.certificate and tls.key to PEM files");
        _options = options;
        _http2 = http2;
        _say = say;
        _failed = new string?[options.Count];
        _served = [.. options.Select(one => ServedCertificate.Load(one, http2))];
    }

    /// <summary>The first that fits the name; where none does, or none was asked for, the first of all.</summary>
    public SslServerAuthenticationOptions For(string name)
    {
        var served = Volatile.Read(ref _served);
        foreach (var certificate in served)
        {
            if (certificate.Fits(name))
                return certificate.Tls;
        }

        return served[0].Tls;
    }

    /// <summary>Reads all of other options now; the act that is returned puts them in service.</summary>
    /// <exception cref="FormatException">One cannot be read.</exception>
    public Action Plan(IReadOnlyList<CertificateOptions> options)
    {
        ServedCertificate[] served = [.. options.Select(one => ServedCertificate.Load(one, _http2))];
        return () =>
        {
            while (Interlocked.Exchange(ref _looking, 1) != 0)
                Thread.Sleep(1);
            (_options, _failed) = (options, new string?[options.Count]);
            Volatile.Write(ref _served, served);
            Volatile.Write(ref _looking, 0);
        };
    }

    /// <summary>Reads anew what has changed; a broken file leaves the old one in service, and is told once.</summary>
    public void Refresh()
    {
        if (Interlocked.Exchange(ref _looking, 1) != 0)
            return;
        for (var index = 0; index < _options.Count; index++)
            Refresh(index);
        Volatile.Write(ref _looking, 0);
    }

    private void Refresh(int index)
    {
        var options = _options[index];
        if (!_served[index].IsOutdated(options))
            return;
        var stamp = ServedCertificate.StampOf(options);
        if (_failed[index] == stamp)
            return;
        try
        {
            var served = _served.ToArray();
            served[index] = ServedCertificate.Load(options, _http2);
            Volatile.Write(ref _served, served);
            _failed[index] = null;
            _say(HouseMessages.CertificateReloaded, options.CertificateFile, "");
        }
        catch (FormatException exception)
        {
            _failed[index] = stamp;
            _say(HouseMessages.CertificateFailed, options.CertificateFile, exception.Message);
        }
    }
}
