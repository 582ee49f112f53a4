#!/bin/busybox sh
# The guest's only program: starts the backend, then each proxy in turn, and asks through it.
# What is wanted comes on the kernel's command line: weir.doors, weir.runs, weir.small, weir.large, weir.warm, weir.batch, weir.perfmap.
/bin/busybox mkdir -p /proc /sys /dev /tmp /run /var/tmp /root /etc
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp
mount -t tmpfs run /run
ifconfig lo up
ulimit -n 20000
export PATH=/bin:/usr/sbin:/usr/bin HOME=/root DOTNET_ROOT=/usr/share/dotnet
doors="nginx haproxy weir" runs=2 small=3072 large=512 warm=4 perfmap=0 batch=0
for word in $(cat /proc/cmdline); do
    case $word in weir.*=*) eval "${word#weir.}" ;; esac
done
doors=$(echo "$doors" | tr , ' ')
# Without preemption by what was just woken, the proxy takes all that has come before another program runs: as a
# saturated proxy on a core of its own does.
[ "$batch" = 1 ] && chrt -b -p 0 $$
[ "$perfmap" = 1 ] && export DOTNET_PerfMapEnabled=1 DOTNET_PerfMapShowOptimizationTiers=1

case_of() { # PORT CONNECTIONS REQUESTS PATH [NAME]
    client ask "$@" || echo "FAILED $*"
}

client calibrate
backend serve 9001 &
sleep 1
for door in $doors; do
    case $door in
    nginx) nginx -p /tmp -e stderr -c /etc/nginx.conf & name=nginx ;;
    haproxy) haproxy -db -f /etc/haproxy.cfg & name=haproxy ;;
    direct) name=backend ;;
    weir)
        WEIR_EDGE_IO_THREADS=1 $(cat /etc/weir-command) proxy --port 8080 --admin 127.0.0.1:9900 --quiet \
            --to 127.0.0.1:9001=256 --log off --policy central $(cat /etc/weir-arguments) &
        name=weir
        ;;
    esac
    process=$!
    port=8080
    [ "$door" = direct ] && port=9001
    for try in 1 2 3 4 5 6 7 8 9 10; do
        nc 127.0.0.1 $port < /dev/null > /dev/null 2>&1 && break
        sleep 1
    done
    echo "STARTED $door $(cut -d' ' -f1 /proc/uptime)"
    # The just-in-time compiler's tiers: 30 calls, 100 ms without new code, instrumented code, 30 calls, 100 ms again.
    rounds=1
    [ "$door" = weir ] && rounds=$warm
    for round in $(seq "$rounds"); do
        case_of $port 32 2048 /small
        case_of $port 256 2048 /small
        case_of $port 32 256 /100kb
        case_of $port 256 256 /100kb
        sleep 1
    done
    echo "WARM $door $(cut -d' ' -f1 /proc/uptime)"
    for run in $(seq "$runs"); do
        case_of $port 32 "$small" /small $name
        case_of $port 256 "$small" /small $name
        case_of $port 32 "$large" /100kb $name
        case_of $port 256 "$large" /100kb $name
    done
    if [ -n "$process" ] && [ "$door" != direct ]; then
        [ "$perfmap" = 1 ] && {
            child=$(pidof $name | tr ' ' '\n' | sort -n | tail -1)
            grep ' r-xp\| r--p' "/proc/$child/maps" | grep '\.so\|/nginx\|/haproxy' > /dev/ttyS1
            grep ' [tTwW] ' /proc/kallsyms > /dev/ttyS1
            cat /tmp/perf-*.map > /dev/ttyS1 2> /dev/null
        }
        kill -9 $(pidof $name)
    fi
    sleep 1
done
echo "DONE"
sync
poweroff -f
