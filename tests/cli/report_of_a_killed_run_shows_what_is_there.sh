# SPDX-License-Identifier: MIT
# A page is written as the run goes on: whenever bpool is killed, it opens.
set -eu
[ -z "${SAN-}" ] || { echo 'not under sanitizers: the page is the same'; exit 77; }
command -v chromium >/dev/null || { echo 'no chromium'; exit 77; }
printf '%s\n' 'echo done' 'exec sleep 1000' 'echo never' |
	"$BPOOL" -j1 --report run.html >out 2>err &
bpool=$!
until grep '"event":"start".*"job":2,' run.html >/dev/null 2>&1; do
	sleep 0.05
done
job=$(sed -n 's/.*"event":"start".*"job":2,.*"pid":\([0-9]*\),.*/\1/p' run.html)
kill -KILL $bpool "$job"
cat >look.py <<'P'
import sys
sys.path.insert(0, sys.argv[1])
import browser
page = browser.open_page("run.html")
assert page.text("#verdict") == "0 jobs failed of 1 that ended.", page.text("#verdict")
assert page.text("#remarks") == \
    "The run had not ended when this was written: 1 job had not.", page.text("#remarks")
rows = page.texts("#jobs tbody tr")
assert len(rows) == 2 and "not ended" in rows[0] and "ok" in rows[1], rows
page.end()
P
python3 look.py "$SRC/tests"
# Nor is what there is before the first job too little.
sed '/^{"event":"start"/,$d' run.html >begun.html
sed -i 's/run.html/begun.html/; /verdict/,$d' look.py
cat >>look.py <<'P'
assert page.text("#verdict") == "No job ran.", page.text("#verdict")
page.end()
P
python3 look.py "$SRC/tests"
