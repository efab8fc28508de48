# SPDX-License-Identifier: MIT
# The page of a run, in a browser: what it says, and what it draws where.
set -eu
[ -z "${SAN-}" ] || { echo 'not under sanitizers: the page is the same'; exit 77; }
command -v chromium >/dev/null || { echo 'no chromium'; exit 77; }
cat >jobs <<'EOF'
sleep 0.6
printf 'one\n\033[31m</script><b id=bad>two</b>\033[0m\n'; sleep 0.3; exit 3
sleep 0.4; printf '%s' "$BPOOL_ATTEMPT" >&2; [ "$BPOOL_ATTEMPT" = 2 ]
sleep 30 # <!-- <script>
EOF
rc=0
"$BPOOL" -q -j2 --retries 2 --retry-on 1 --backoff 200ms..200ms --timeout 5s \
	--events events --report run.html <jobs >out 2>err || rc=$?
[ $rc = 123 ]
# Of the library: a job inside another, on its worker; and what others may have written.
cat >inside <<'EOF'
{"event":"begin","time":"2026-01-31T12:00:00.000000Z","pool":"p","limit":1}
{"event":"start","time":"2026-01-31T12:00:00.000000Z","job":1,"slot":1,"command":""}
{"event":"start","time":"2026-01-31T12:00:01.000000Z","job":2,"slot":1,"command":"\u202ea"}
{"event":"end","time":"2026-01-31T12:00:02.000000Z","job":2,"slot":1,"command":"\u202ea","outcome":"ok","result":0,"seconds":"x","output":7}
{"event":"end","time":"2026-01-31T12:00:04.000000Z","job":1,"slot":1,"command":"","outcome":"ok","result":0,"seconds":4.0}
{"event":"summary","time":"2026-01-31T12:00:04.000000Z","jobs":2}
EOF
"$BPOOL" --report inside.html --from inside
cat >look.py <<'EOF'
import datetime, json, sys
sys.path.insert(0, sys.argv[1])
import browser

events = [json.loads(line) for line in open("events")]
for e in events:
    e["at"] = datetime.datetime.fromisoformat(e["time"].replace("Z", "+00:00")).timestamp()
first, last = events[0]["at"], events[-1]["at"]
starts = {}
for e in events:
    if e["event"] == "start":
        starts.setdefault(e["job"], []).append(e)
page = browser.open_page("run.html")

# What it says.
assert page.text("#verdict") == "2 jobs failed of 4.", page.text("#verdict")
assert page.run("document.getElementById('bad')") is None
assert page.run("document.querySelectorAll('script').length") == 2
assert page.run("document.getElementById('remarks').hidden")
figures = dict(zip(page.texts("dt"), page.texts("dd")))
assert figures["Jobs"] == "4" and figures["Failed"] == "2", figures
assert figures["Tried again"] == "1" and figures["Exit status"] == "123", figures
assert figures["At once, at most"] == "2 of 2", figures
failures = page.texts("#failures tbody tr")
assert len(failures) == 2 and "exit status 3" in failures[0], failures
assert "one\n</script><b id=bad>two</b>" in failures[0], failures
assert "timed out: killed by signal 15" in failures[1], failures
rows = page.texts("#jobs tbody tr")
assert [r.split()[0] for r in rows] == ["2", "4", "1", "3"], rows
assert "<!-- <script>" in rows[1], rows

# What it draws: each attempt in its lane, in the colour of its end.
left, top, width, height = page.place("#lanes canvas")
def x_of(at):
    return int(left + 52 + (at - first) / (last - first) * (width - 60))
def y_of(slot):
    return int(top + 22 + (slot - 1) * 18 + 9)
colors = {name: tuple(int(page.run(
    "getComputedStyle(document.documentElement).getPropertyValue('--%s')" % name
).strip()[i:i + 2], 16) for i in (1, 3, 5)) for name in ("ok", "failed", "again")}
pixels = page.pixels()
bars = 0
for e in events:
    if e["event"] not in ("end", "retry"):
        continue
    want = colors["again" if e["event"] == "retry" else e["outcome"]]
    begun = [s for s in starts[e["job"]] if s["at"] <= e["at"]][-1]["at"]
    for share in (0.1, 0.5, 0.9):
        found = pixels[y_of(e["slot"])][x_of(begun + share * e["seconds"])]
        assert found == want, (e, share, found, want)
    bars += 1
assert bars == 5

# Pointing at one tells of it.
again = [e for e in events if e["event"] == "retry"][0]
page.mouse("mouseMoved", x_of(starts[3][0]["at"] + 0.2), y_of(again["slot"]))
tip = page.text("#tip")
assert "attempt 1 of 2" in tip and "exit status 1" in tip and tip.endswith("\n1"), tip
page.key("Escape")
assert page.run("document.getElementById('tip').hidden")
page.mouse("mouseMoved", x_of(starts[3][0]["at"] + 0.2), y_of(again["slot"]) + 1)
assert not page.run("document.getElementById('tip').hidden")
page.mouse("mouseMoved", 2, 2)
assert page.run("document.getElementById('tip').hidden")

# So does going there by keys.
page.run("document.getElementById('lanes').focus()")
page.key("ArrowRight")
assert "Job" in page.text("#detail")
seen = set()
for key in ["Home"] + ["ArrowRight"] * 3 + ["ArrowDown", "Home"] + ["ArrowRight"] * 3 + \
        ["ArrowUp", "Home"] + ["ArrowRight"] * 3:
    page.key(key)
    seen.add(page.text("#detail .dim").split("Job ")[1].split()[0])
assert seen == {"1", "2", "3", "4"}, seen
page.key("+")
page.key("+")
inside = page.run("(view.to - view.from) / (run.last - run.first)")
assert abs(inside - 0.25) < 0.01, inside
page.key("0")
assert page.run("view.from === run.first")

# How many ran at once: two, then fewer.
left, top, width, height = page.place("#flight canvas")
pixels = page.pixels()
changes = sorted((e["at"], 1 if e["event"] == "start" else -1) for e in events
                 if e["event"] in ("start", "end", "retry"))
running, both = 0, []
for (at, change), (until, _) in zip(changes, changes[1:]):
    running += change
    if running == 2:
        both.append((until - at, (at + until) / 2))
column = x_of(max(both)[1])
ground = pixels[int(top + 6)][column]
assert pixels[int(top + 14)][column] != ground and pixels[int(top + 60)][column] != ground
slow = [e for e in events if e["event"] == "end" and e["job"] == 4][0]
column = x_of(starts[4][0]["at"] + slow["seconds"] - 0.1)
assert pixels[int(top + 30)][column] == ground and pixels[int(top + 90)][column] != ground

# Finding.
def find(text, state):
    page.run("""(() => {
        const find = document.getElementById('find'), state = document.getElementById('state');
        find.value = %s; find.dispatchEvent(new Event('input'));
        state.value = %s; state.dispatchEvent(new Event('change'));
        return new Promise(done => setTimeout(done, 300));
    })()""" % (json.dumps(text), json.dumps(state)))
    return [r.split()[0] for r in page.texts("#jobs tbody tr")]
assert find("TWO", "") == ["2"]
assert find("", "ok") == ["1", "3"]
assert find("", "late") == ["4"]
assert find("", "again") == ["3"]
assert find("no such", "") == [] and page.text("#found") == "0 jobs"
assert find("", "") == ["2", "4", "1", "3"]
page.run("document.querySelectorAll('#jobs th button')[0].click()")
assert [r.split()[0] for r in page.texts("#jobs tbody tr")] == ["1", "2", "3", "4"]
assert page.run("document.querySelector('#jobs th').getAttribute('aria-sort')") == "ascending"
page.run("document.querySelectorAll('#jobs .show')[2].click()")
attempts = page.texts("#jobs .detail")
assert len(attempts) == 2 and "attempt 2 of 2" in attempts[1], attempts

# What a screen reader is told: each part that can be used has a role and a name, the
# charts say in words what they draw, and what changes is announced.
nodes = [n for n in page.call("Accessibility.getFullAXTree")["nodes"] if not n["ignored"]]
def said(role):
    return [n["name"]["value"] for n in nodes if n["role"]["value"] == role]
for node in nodes:
    if node["role"]["value"] in ("button", "searchbox", "combobox", "image", "application",
                                 "columnheader", "option"):
        assert node["name"]["value"].strip(), node
assert said("application") == ["Timeline"], said("application")
assert [n.split(" No more")[0] for n in said("image")][0] == "Jobs at once", said("image")
assert "2 jobs at once; the limit (dashed) was 2." in said("image")[0], said("image")
assert "Half of 4 jobs ran no longer than" in said("image")[1], said("image")
assert {"Zoom in", "Zoom out", "All", "Previous", "Next"} <= set(said("button"))
assert said("heading")[1:] == ["Failures", "Timeline", "Jobs at once", "Run times", "Jobs"]
live = {n["role"]["value"] for n in nodes for p in n.get("properties", [])
        if p["name"] == "live" and p["value"]["value"] == "polite"}
assert "status" in live and "generic" in live, live

# In the dark, and on paper.
page.media(dark=True)
page.place("#lanes canvas")
page.run("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
assert sum(page.pixels()[5][5]) < 150
page.media(dark=True, printed=True)
page.run("window.dispatchEvent(new Event('beforeprint'))")
assert sum(page.pixels()[5][5]) == 765
assert page.run("getComputedStyle(document.getElementById('filter')).display") == "none"
page.end()

page = browser.open_page("inside.html")
figures = dict(zip(page.texts("dt"), page.texts("dd")))
assert figures["At once, at most"] == "1 of 1", figures
assert figures["At once, on average"] == "1.0", figures
assert page.run("run.lanes.length") == 2
assert page.texts("#jobs .show") == ["(empty)", "\ufffda"], page.texts("#jobs .show")
page.end()
EOF
python3 look.py "$SRC/tests"
