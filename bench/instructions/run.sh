#!/bin/bash
# Counts instructions a request of nginx, HAProxy and Weir in an emulated machine; README.md says how and why.
#   run.sh [NAME=VALUE…]   doors=nginx,haproxy,weir,direct runs=2 small=3072 large=512 (requests) warm=4 (rounds, Weir's)
#                          batch=1 (nobody preempts)   perfmap=1 (profile.txt by block, symbols.txt to read it with)
# WEIR_BUILD = a folder with a published Weir (artifacts/weir otherwise). Nothing is installed: packages are unpacked.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=${WEIR_INSTRUCTIONS_FOLDER:-$root/artifacts/instructions}
build=${WEIR_BUILD:-$root/artifacts/weir}
mkdir -p "$work"/{debs,tools,kernel,image}

packages() { # the emulator with what it needs and this machine lacks, a kernel, a shell
    [ -e "$work/.unpacked" ] && return
    local kernel
    kernel=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -1)
    (
        cd "$work/debs"
        apt-get download "$kernel" busybox-static \
            $(apt-get install --no-install-recommends -s qemu-system-x86 | sed -n 's/^Inst \([^ ]*\).*/\1/p') 2> /dev/null
        for file in *.deb; do
            case $file in linux-image*) dpkg -x "$file" ../kernel ;; *) dpkg -x "$file" ../tools ;; esac
        done
    )
    touch "$work/.unpacked"
}

with_libraries() { # FILE: copies it and the shared libraries that it names into the image
    local file
    for file in "$1" $(ldd "$1" 2> /dev/null | grep -o '/[^ ]*'); do
        mkdir -p "$work/image$(dirname "$file")"
        cp -Lu "$file" "$work/image$file"
    done
}

image() {
    local image=$work/image dotnet file
    rm -rf "$image"
    mkdir -p "$image"/{bin,etc,opt,usr/share/dotnet,var/log/nginx,var/lib/nginx,lib,lib64,tmp}
    gcc -O2 -Wall -static -Wl,-Ttext-segment=0x10000000 -o "$image/bin/client" "$here/load.c"
    gcc -O2 -Wall -static -Wl,-Ttext-segment=0x20000000 -o "$image/bin/backend" "$here/load.c"
    gcc -O2 -Wall -shared -fPIC -fvisibility=hidden -o "$work/count.so" "$here/count.c"
    cp "$work/tools/bin/busybox" "$image/bin/busybox"
    ln -s busybox "$image/bin/sh"
    cp "$here/guest-init.sh" "$image/init"
    chmod +x "$image/init"
    with_libraries "$(command -v nginx)"
    with_libraries "$(command -v haproxy)"
    with_libraries "$(command -v chrt)"
    echo 'root:x:0:0:root:/root:/bin/sh' > "$image/etc/passwd"
    echo 'nobody:x:65534:65534:nobody:/:/bin/sh' >> "$image/etc/passwd"
    echo -e 'root:x:0:\nnogroup:x:65534:' > "$image/etc/group"
    echo '127.0.0.1 localhost' > "$image/etc/hosts"
    cp "$here/nginx.conf" "$here/haproxy.cfg" "$image/etc/"
    dotnet=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}
    cp -r "$dotnet/host" "$image/usr/share/dotnet/"
    cp "$dotnet/dotnet" "$image/usr/share/dotnet/"
    mkdir -p "$image/usr/share/dotnet/shared"
    cp -r "$dotnet/shared/Microsoft.NETCore.App" "$dotnet/shared/Microsoft.AspNetCore.App" "$image/usr/share/dotnet/shared/"
    for file in "$image/usr/share/dotnet/dotnet" "$image"/usr/share/dotnet/shared/*/*/*.so; do
        for file in $(ldd "$file" 2> /dev/null | grep -o '=> /[^ ]*' | grep -v dotnet | cut -c4-) /lib64/ld-linux-x86-64.so.2; do
            mkdir -p "$image$(dirname "$file")"
            cp -Lu "$file" "$image$file"
        done
    done
    cp -r "$build" "$image/opt/weir"
    rm -f "$image"/opt/weir/*.xml
    if [ -x "$image/opt/weir/weir" ]; then echo /opt/weir/weir; else echo "/usr/share/dotnet/dotnet /opt/weir/weir.dll"; fi \
        > "$image/etc/weir-command"
    echo "${WEIR_BENCH_ARGUMENTS:-}" > "$image/etc/weir-arguments"
    (cd "$image" && find . | "$work/tools/bin/busybox" cpio -o -H newc) > "$work/image.cpio" 2> /dev/null
}

emulate() {
    local tools=$work/tools kernel wanted=() word
    kernel=$(echo "$work"/kernel/boot/vmlinuz-*)
    for word in "$@"; do wanted+=("weir.$word"); done
    export LD_LIBRARY_PATH=$tools/usr/lib/x86_64-linux-gnu:$tools/lib/x86_64-linux-gnu
    export QEMU_MODULE_DIR=$tools/usr/lib/x86_64-linux-gnu/qemu
    local profile=
    case " $* " in *" perfmap=1 "*) profile=,profile=$work/profile.txt ;; esac
    # One nanosecond an instruction, sleep passed over; no address randomised, so that a run can be repeated to the
    # instruction; nothing zeroed that a program did not ask for (as the kernels of most machines are set).
    timeout 3000 nice -n 15 "$tools/usr/bin/qemu-system-x86_64" -L "$tools/usr/share/seabios" -L "$tools/usr/share/qemu" \
        -machine pc -accel tcg,thread=single,tb-size=512 -icount shift=0,sleep=off -cpu max -smp 1 -m 3072 \
        -nodefaults -no-reboot -display none -rtc clock=vm \
        -serial "file:$work/console.txt" -serial "file:$work/symbols.txt" \
        -plugin "$work/count.so,totals=$work/totals.txt$profile" \
        -kernel "$kernel" -initrd "$work/image.cpio" \
        -append "console=ttyS0 quiet panic=-1 nokaslr norandmaps tsc=reliable init_on_alloc=0 preempt=none \
noautogroup ${KERNEL_WORDS:-} ${wanted[*]:-}"
    tr -d '\r' < "$work/console.txt" > "$work/console.clean"
}

packages
image
: > "$work/totals.txt"
emulate "$@"
grep -v '^MEASURE\|^THREAD' "$work/console.clean" || true
# The n-th measurement of the console is the n-th line of the plugin. First what is known beforehand, then the table.
awk 'FNR == NR { line[$1] = $0; next }
     $1 == "MEASURE" && ++n && $4 == "-" {
         split(line[n], c, " ")
         printf "%-16s each of %d: clock %.1f, counted %.1f, repeats %.1f\n", $2, $5, $6 / $5, (c[5] + c[6]) / $5, c[7] / $5
     }' "$work/totals.txt" "$work/console.clean"
awk -f "$here/table.awk" "$work/totals.txt" "$work/console.clean" | tee "$work/table.md"
