#!/bin/sh
# Restores, builds once, runs unit tests (tidy and fuzz corpus replay are among them) and end-to-end tests, and ends with one
# plain line of counts. With --all also the format check, and the fuzz targets for a short while.
set -u
cd "$(dirname "$0")/.." || exit 1
out=artifacts/test
mkdir -p "$out"
rm -f "$out"/*
passed=0
failed=0
skipped=0

# Named once more behind everything else that was printed.
finish() {
    [ ! -s "$out/failures" ] || cat "$out/failures"
    echo "$passed passed, $failed failed, $skipped skipped" | tee "$out/counts"
    [ "$failed" -eq 0 ]
    exit
}

# A step that is no test counts as one failure when it fails.
step() {
    name=$1
    shift
    "$@" || {
        echo "$name failed" | tee -a "$out/failures" >&2
        failed=$((failed + 1))
        return 1
    }
}

attribute() { # name, file: of the runner's own report
    sed -n "s/.*<assembly [^>]* $1=\"\([0-9]*\)\".*/\1/p" "$2" | head -n 1
}

suite() { # project, the minutes after which it hangs: about five times what it takes on two busy cores
    report=$out/$1.xml
    program=artifacts/bin/$1/release/$1
    timeout -k 15 "$2m" "$program" -xml "$report" -noLogo -noColor -longRunning 120
    code=$?
    [ "$code" -ne 124 ] || echo "$1 was ended: it ran for $2 minutes" >&2
    if [ ! -s "$report" ]; then
        echo "$1 gave no report (exit code $code)" | tee -a "$out/failures" >&2
        failed=$((failed + 1))
        return
    fi
    lost=$(attribute failed "$report")
    errors=$(attribute errors "$report")
    passed=$((passed + $(attribute passed "$report")))
    skipped=$((skipped + $(attribute skipped "$report")))
    # A run that ended badly with no test to blame (a crash, a fixture) is a failure all the same.
    [ "$code" -eq 0 ] || [ $((lost + errors)) -gt 0 ] || lost=1
    failed=$((failed + lost + errors))
    sed 's/<test /\n&/g' "$report" > "$report.tests"
    sed -n 's/^<test .* name="\([^"]*\)" result="Skip".*/skipped: \1/p' "$report.tests"
    sed -n 's/^<test .* name="\([^"]*\)" result="Fail".*<message>\(.*\)/failed: \1: \2/p' "$report.tests" |
        cut -c1-400 >> "$out/failures"
    rm "$report.tests"
}

command -v dotnet > /dev/null || {
    echo "dotnet is missing; install a .NET 10 SDK" >&2
    failed=1
    finish
}
step "installing servers" test/install-servers.sh
step build dotnet build Weir.slnx -c Release --nologo -v quiet -clp:NoSummary -nodeReuse:false || finish
[ "${1-}" != --all ] || step "format check" dotnet format Weir.slnx --verify-no-changes --no-restore
# The program as it is shipped, which the end-to-end tests start.
step publish ./weir version || finish
suite Weir.Tests 15
suite Weir.EndToEnd 40
[ "${1-}" != --all ] || step fuzz artifacts/bin/Weir.Fuzz/release/Weir.Fuzz
finish
