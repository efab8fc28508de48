# SPDX-License-Identifier: MIT
# A line an event, whatever bytes a command has; to a file or to a descriptor.
set -eu
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
printf '%s\0' 'echo "quoted\"" \\' "$(printf 'tab\there\nand a line')" \
	"$(printf 'caf\303\251 \377\376 \033[31m \302\205')" '' 'exit 3' \
	'kill -9 $$' 'sleep 100' >in
rc=0
"$BPOOL" -q -0 --timeout 10 --events events -j2 <in >out 2>err || rc=$?
[ $rc = 123 ]
cat >check.py <<'P'
import datetime, json, sys
events = [json.loads(line) for line in open(sys.argv[1], encoding='utf-8')]
for e in events:
    datetime.datetime.strptime(e['time'], '%Y-%m-%dT%H:%M:%S.%fZ')
starts = [e for e in events if e['event'] == 'start']
ends = [e for e in events if e['event'] == 'end']
assert len(starts) == len(ends) == 6, events
by_job = {e['job']: e for e in ends}
assert by_job[1]['command'] == 'echo "quoted\\"" \\\\'
assert by_job[1]['outcome'] == 'ok' and by_job[1]['stdout_bytes'] == 10
assert by_job[2]['command'] == 'tab\there\nand a line'
assert by_job[3]['command'] == 'caf\u00e9 \ufffd\ufffd \x1b[31m \x85'
assert by_job[4]['status'] == 3
assert by_job[5]['signal'] == 9 and 'status' not in by_job[5]
assert by_job[6]['timed_out'] and by_job[6]['seconds'] >= 10
assert [e['job'] for e in events if e['event'] == 'timeout'] == [6]
for s, e in zip(sorted(starts, key=lambda e: e['job']), sorted(ends, key=lambda e: e['job'])):
    assert s['pid'] == e['pid'] and s['slot'] in (1, 2)
last = events[-1]
assert last['event'] == 'summary' and last['status'] == 123
assert (last['jobs'], last['succeeded'], last['failed']) == (6, 1, 5)
P
python3 check.py events
seq 3 | "$BPOOL" --halt now,fail=1 -q --events fd:3 false 3>fd || :
grep '"event":"halt",.*"why":"halt"' fd
grep '"event":"summary"' fd
rc=0
echo true | "$BPOOL" --events /dev/full 2>err || rc=$?
[ $rc = 1 ]
[ "$(cat err)" = 'bpool: --events /dev/full: No space left on device' ]
# What is no number is wrong usage; what cannot be opened is not.
for wrong in 1:fd:77 2:fd:x 2:fd: 2:fd:-1 2:fd:1x 1:/nowhere/events; do
	status=${wrong%%:*}
	wrong=${wrong#*:}
	rc=0
	echo 'touch ran' | "$BPOOL" --events "$wrong" 2>err || rc=$?
	[ $rc = "$status" ]
	grep "^bpool: --events $wrong: " err
done
[ ! -e ran ]
