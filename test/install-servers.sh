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
need postgresql /usr/lib/postgresql/*/bin/postgres
need postgresql-contrib /usr/share/postgresql/*/extension/dblink.control
need pgbouncer pgbouncer
need redis-server redis-server
need python3-psycopg2 /usr/lib/python3/dist-packages/psycopg2
need python3-psycopg /usr/lib/python3/dist-packages/psycopg
need python3-asyncpg /usr/lib/python3/dist-packages/asyncpg
need python3-django /usr/lib/python3/dist-packages/django
need ruby-pg /usr/share/doc/ruby-pg/copyright
need ruby-activerecord /usr/share/doc/ruby-activerecord/copyright
# The one big thing: 44 MB to fetch, then 72 for the compiler that runs a Java source file.
need default-jdk-headless javac
need libpostgresql-jdbc-java /usr/share/java/postgresql.jar
need gcc gcc
need libc6-dev /usr/include/stdio.h
need libpq-dev /usr/include/postgresql/libpq-fe.h
need bzip2 bzip2
cache=/var/cache/weir-tests
[ -e $cache/node/node_modules/pg ] || need node-pg /usr/share/nodejs/pg/package.json
suite=$cache/node/node_modules/http-cache-tests/package.json
[ -n "$missing" ] || [ ! -x $cache/libpq_pipeline ] || [ ! -e $suite ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    echo "not installed, and not to be installed from here:$missing" >&2
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
install() {
    # Services of these packages must not start: the tests start their own, on their own ports.
    [ -e /usr/sbin/policy-rc.d ] || {
        printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    }
    # Nor must PostgreSQL make a cluster that nobody asked for.
    [ -e /etc/postgresql-common ] || {
        mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
    }
    apt-get update -qq
    # One that cannot be had must not keep the others away.
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $missing > /dev/null || for package in $missing; do
        apt-get install -y -qq --no-install-recommends "$package" > /dev/null || echo "could not install $package" >&2
    done
    # Where Node is not Debian's, Debian's packages for it do not go in.
    [ -e /usr/share/nodejs/pg ] || [ -e $cache/node/node_modules/pg ] || ! command -v npm > /dev/null ||
        npm install --silent --no-audit --no-fund --prefix $cache/node pg > /dev/null
}
# PostgreSQL's own test of libpq's pipelines is in no package: its source is fetched with lists of sources apart from the system's, and
# compiled against libpq alone (five type numbers are all that it wants of the server's generated headers).
pipelines() {
    work=$(mktemp -d) && cd "$work" && mkdir -p lists/partial sources shim/catalog || return
    trap 'rm -rf "$work"' EXIT
    key=$(ls /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/ubuntu-archive-keyring.gpg 2> /dev/null | head -n 1)
    # shellcheck disable=SC1091
    . /etc/os-release
    sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources 2> /dev/null | head -n 1 > uri
    [ -s uri ] || sed -n 's/^deb \(\[[^]]*\] \)*\([^ ]*\).*/\2/p' /etc/apt/sources.list | head -n 1 > uri
    echo "deb-src ${key:+[signed-by=$key] }$(cat uri) $VERSION_CODENAME main" > sources/source.list
    set -- -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/sources" -o Dir::State::lists="$work/lists"
    apt-get "$@" update > /dev/null 2>&1 && apt-get "$@" source --download-only "$(postgres_source)" > /dev/null 2>&1 &&
        tar xjf postgresql-*.orig.tar.bz2 --wildcards '*/src/include' '*/src/common/fe_memutils.c' '*/src/common/psprintf.c' \
            '*/src/test/modules/libpq_pipeline' || return
    for type in INT4:23 INT8:20 TEXT:25 NUMERIC:1700 INTERVAL:1186; do
        echo "#define ${type%:*}OID ${type#*:}"
    done > shim/catalog/pg_type_d.h
    # Its own printf is in a library that no package has either; the system's does.
    words=$(for name in fprintf vfprintf sprintf snprintf vsnprintf printf strerror; do echo "-Dpg_$name=$name"; done)
    mkdir -p $cache && cd postgresql-*/src &&
        # shellcheck disable=SC2086
        gcc -O1 -w -DFRONTEND $words -I"$work/shim" -I/usr/include/postgresql -I/usr/include/postgresql/internal -Iinclude \
            -o $cache/libpq_pipeline test/modules/libpq_pipeline/*.c common/fe_memutils.c common/psprintf.c -lpq
}
postgres_source() {
    basename "$(ls -d /usr/lib/postgresql/*/bin | tail -n 1 | xargs dirname)" | sed 's/^/postgresql-/'
}
[ -z "$missing" ] || install
# The public suite for HTTP caches is in no package but npm's. Its version is named: the tests know its tests by their ids.
[ -e $suite ] || (command -v npm > /dev/null &&
    npm install --silent --no-audit --no-fund --prefix $cache/node http-cache-tests@0.4.5 > /dev/null) ||
    echo "could not install http-cache-tests" >&2
[ -x $cache/libpq_pipeline ] || (pipelines) || echo "could not build libpq_pipeline" >&2
exit 0
