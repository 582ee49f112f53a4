#!/bin/sh
# Installs the real servers that the end-to-end tests stand before, where this may be done: Debian or Ubuntu, as root. Only those
# missing. Where it may not be done, the tests that need one are skipped by name.
set -u
missing=
need() { # package, a file or command it brings
    case $2 in
        # shellcheck disable=SC2086 # Versions are in these names.
        /*) [ -e "$(ls -d $2 2> /dev/null | head -n 1)" ] ;;
        *) command -v "$2" > /dev/null 2>&1 ;;
    esac || missing="$missing $1"
}
PATH=$PATH:/usr/sbin:/sbin
need gunicorn gunicorn
need python3-waitress /usr/lib/python3/dist-packages/waitress
need unicorn unicorn
need puma puma
need ruby-railties /usr/share/rubygems-integration/all/specifications/railties-*.gemspec
need uwsgi-core uwsgi-core
need uwsgi-plugin-python3 /usr/lib/uwsgi/plugins/python3*_plugin.so
need uvicorn uvicorn
need daphne daphne
need python3-hypercorn hypercorn
need php-fpm /usr/sbin/php-fpm*
need nodejs node
need nginx-light nginx
need haproxy haproxy
need slowhttptest slowhttptest
need varnish varnishtest
need wrk wrk
need procps ps
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    echo "not installed, and not to be installed from here:$missing" >&2
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
# Services of these packages must not start: the tests start their own, on their own ports.
[ -e /usr/sbin/policy-rc.d ] || {
    printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
}
apt-get update -qq
# One that cannot be had must not keep the others away.
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing > /dev/null || for package in $missing; do
    apt-get install -y -qq --no-install-recommends "$package" > /dev/null || echo "could not install $package" >&2
done
exit 0
