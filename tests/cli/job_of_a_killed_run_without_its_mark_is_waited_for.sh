# SPDX-License-Identifier: MIT
# Who has cleared its environment is known by its session; also where the
# leader of that has ended.
set -eu
. "$SRC/tests/process.sh"
trap 'kill -KILL $(cat ./*.pid) 2>/dev/null || :' EXIT
mkfifo gate leave
cat >leader <<'S'
exec env -i /bin/sh -c 'echo >>ran; echo $$ >job.pid; cat gate >/dev/null'
S
cat >member <<'S'
env -i /bin/sh -c 'echo >>ran; echo $$ >job.pid; cat gate >/dev/null' &
cat leave >/dev/null
S
for job in leader member; do
	rm -f ran job.pid
	echo "sh $job" >in
	"$BPOOL" -u --joblog log -a in &
	pid=$!
	until [ -s job.pid ] && grep '^1	 *[1-9]' log.running; do
		sleep 0.01
	done
	kill -KILL $pid
	wait $pid || :
	alive "$(cat job.pid)"
	[ $job = leader ] || : >leave
	# What other sessions have that number is nobody's of ours.
	cp log.running kept
	awk -F '	' -v OFS='	' 'NR > 1 { $3 = sprintf("%20d", 1) } { print }' \
		kept >log.running
	[ $job = member ] || {
		"$BPOOL" --joblog log --resume -a /dev/null 2>err
		[ ! -s err ]
		awk -F '	' -v OFS='	' 'NR > 1 { $4 = "0-0" } { print }' \
			kept >log.running
		"$BPOOL" --joblog log --resume -a /dev/null 2>err
		[ ! -s err ]
	}
	cp kept log.running
	"$BPOOL" -u --joblog log --resume -a in 2>err &
	pid=$!
	until grep 'still runs: waiting: sh ' err; do
		kill -0 $pid
		[ "$(wc -l <ran)" = 1 ]
		sleep 0.01
	done
	mv job.pid old.pid
	: >gate
	until [ -s job.pid ]; do sleep 0.01; done
	: >gate
	[ $job = leader ] || : >leave
	wait $pid
done
