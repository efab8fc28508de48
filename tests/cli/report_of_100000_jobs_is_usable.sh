# SPDX-License-Identifier: MIT
# A page of 100,000 jobs in 200 slots: all are drawn, and found, and no more than a
# page of them stands in the list.
set -eu
[ -z "${SAN-}" ] || { echo 'not under sanitizers: the page is the same'; exit 77; }
command -v chromium >/dev/null || { echo 'no chromium'; exit 77; }
cat >make.py <<'P'
import datetime, json
begin, slots, jobs = 1795953600, 200, 100000
events = [(begin, {"event": "begin", "version": "0", "command": "fetch {}", "limit": slots})]
for i in range(jobs):
    number, slot, at = i + 1, i % slots, begin + 0.4 * (i // slots)
    job = {"job": number, "slot": slot + 1, "pid": number, "command": "fetch %d" % number}
    failed = number % 1000 == 0
    events.append((at, dict(event="start", **job)))
    events.append((at + 0.3, dict(
        event="end", **job, outcome="failed" if failed else "ok", status=int(failed),
        timed_out=False, seconds=0.3, stdout_bytes=0, stderr_bytes=0, output="")))
events.sort(key=lambda e: e[0])
for at, e in events:
    e["time"] = datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime(
        "%Y-%m-%dT%H:%M:%S.%fZ")
    print(json.dumps({"event": e.pop("event"), **e}, separators=(",", ":")))
P
python3 make.py >events
"$BPOOL" --report run.html --from events
cat >look.py <<'P'
import sys, time
sys.path.insert(0, sys.argv[1])
import browser
begun = time.time()
page = browser.open_page("run.html", height=1300)
print("%.1f s to load" % (time.time() - begun))
assert page.text("#verdict") == "100 jobs failed of 100,000."
assert "had not ended" in page.text("#remarks")
rows = page.texts("#jobs tbody tr")
assert len(rows) == 100 and rows[0].split()[0] == "1000", rows[:2]
assert page.text("#page") == "1 to 100 of 100,000"
page.run("document.getElementById('next').click()")
assert page.texts("#jobs tbody tr")[0].split()[0] == "1"
# Turned beyond the end it stays, and who turned it keeps the focus.
page.run("document.getElementById('next').focus()")
page.run("for (let i = 0; i < 1200; i++) document.getElementById('next').click()")
assert page.text("#page") == "99,901 to 100,000 of 100,000", page.text("#page")
assert page.run("document.activeElement.id") == "next"
assert page.run("document.getElementById('next').getAttribute('aria-disabled')") == "true"
assert len(page.texts("#failures tbody tr")) == 10
page.run("document.querySelector('#failures .more button').click()")
assert page.text("#found") == "100 jobs"
assert page.run("document.activeElement.id") == "jobs-head"
assert len(page.texts("#jobs tbody tr")) == 100
# A lane of 500 jobs, each of less than two pixels: blue from end to end, but for the
# last one's failures, which are seen however narrow they are.
left, top, width, height = page.place("#lanes canvas")
assert height == 22 + 200 * 3 + 4
pixels = page.pixels()
def colors(slot):
    y = int(top + 22 + (slot - 1) * 3 + 1)
    return [pixels[y][x] for x in range(int(left) + 54, int(left + width) - 10)]
failed = (0xc4, 0x31, 0x4b)
blue = [p[2] > p[0] + 20 for p in colors(1)]
assert failed not in colors(1) and sum(blue) > 0.97 * len(blue), sum(blue)
assert 100 <= colors(200).count(failed) <= 400, colors(200).count(failed)
page.end()
P
python3 look.py "$SRC/tests"
