# SPDX-License-Identifier: MIT
# docs/observe.md: its program, what that writes, a report of it, and the probes.
set -eu
[ -z "${SAN-}" ] || { echo 'not under sanitizers: what is linked wants more'; exit 77; }
case ${CC-} in
*musl*) echo 'the C++ compiler is for another libc'; exit 77 ;;
esac
${CC:-cc} -Wall -Wextra -Werror -std=c11 -D_GNU_SOURCE -pthread -I"$SRC/include" -o traced \
	"$SRC/docs/examples/observe/traced.c" "$BUILD/libboundpool.a"
./traced trace.ndjson >metrics
"$BPOOL" --report page.html --from trace.ndjson
python3 - <<'P'
import json, re
events = [json.loads(line) for line in open("trace.ndjson")]
kinds = [e["event"] for e in events]
assert kinds[0] == "begin" and events[0]["pool"] == "requests", events[0]
assert kinds[-1] == "summary" and events[-1]["jobs"] == 40, events[-1]
assert kinds.count("end") == 40 and kinds.count("start") == 40 + kinds.count("retry")
# Ten were refused once, and ten failed twice.
again = [e for e in events if e["event"] == "retry"]
assert sum(e["overloaded"] for e in again) == 10 == events[-1]["overloaded"]
assert all(e["command"] == "busy.example" for e in again if e["overloaded"])
ends = [e for e in events if e["event"] == "end"]
assert sum(e["outcome"] == "failed" for e in ends) == 10 == events[-1]["failed"]
assert all(e["result"] == -2 for e in ends if e["command"] == "gone.example")
# Each start has its end.  (That may be told after the start of the next, so these
# do not say how many of a key ran at once.)
running = {}
for e in events:
    if e["event"] == "start":
        running[e["command"]] = running.get(e["command"], 0) + 1
    elif e["event"] in ("end", "retry"):
        running[e["command"]] -= 1
assert not any(running.values())
metrics = {}
for line in open("metrics"):
    if not line.startswith("#"):
        name, value = re.fullmatch(r'boundpool_(\w+){pool="requests"} (\S+)\n', line).groups()
        metrics[name] = float(value)
assert metrics["jobs_finished_total"] == 40 and metrics["jobs_failed_total"] == 10, metrics
assert metrics["refused_total"] == 10 and metrics["workers"] == 4, metrics
P
# The path that the page names is that of the script.
grep -o '/[a-z/]*libboundpool[.a-z0-9]*' "$SRC/docs/observe.md" >named
[ -s named ]
grep -qF "$(cat named)" "$SRC/docs/examples/observe/jobs.bt"

# Each name of the page is one that there is.
grep -o 'boundpool_[a-z_]*' "$SRC/docs/observe.md" | grep -v '^boundpool_$' | sort -u >named
sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' metrics | sort >there
comm -23 named there >missing
[ ! -s missing ] || { cat missing; exit 1; }

# The probes, where they were built in: those of the page.
echo '#include <sys/sdt.h>' | ${CC:-cc} -E - >/dev/null 2>&1 || exit 0
sed -n 's/^| `boundpool:\([a-z]*\)`.*/\1/p' "$SRC/docs/observe.md" | sort >said
readelf -n traced | sed -n '/Provider: boundpool/{n;s/ *Name: //p}' | sort -u | cmp said -
command -v bpftrace >/dev/null || exit 0
bpftrace -e 'BEGIN { exit(); }' >/dev/null 2>&1 || exit 0
sed "s|/usr/local/lib/libboundpool.so.0|$PWD/traced|" "$SRC/docs/examples/observe/jobs.bt" >jobs.bt
bpftrace -c ./traced jobs.bt >seen 2>&1
grep -q '^@returned\[-2\]: 20$' seen
grep -q '^@returned\[0\]: ' seen
grep -q '^@tried_again: 20$' seen
grep -q '^@waited_us: $' seen
grep -q '^@rests_of_worker\[[0-3]\]: ' seen
