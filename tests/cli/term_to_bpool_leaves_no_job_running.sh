# SPDX-License-Identifier: MIT
# Nor what jobs started: in the background, in a pipe, in another process group,
# in a session of its own, stopped, and what ignores the signal.  They are known
# by a variable in their environment.
set -eu
. "$SRC/tests/process.sh"
marked() {
	for environ in /proc/[0-9]*/environ; do
		pid=${environ#/proc/}
		pid=${pid%/environ}
		[ "$pid" != $$ ] || continue
		if tr '\0' '\n' <"$environ" 2>/dev/null |
			grep -qx "MARK=$mark" &&
			alive $pid; then
			echo "$pid: $(tr '\0' ' ' <"/proc/$pid/cmdline")"
		fi
	done 2>/dev/null
}
mark=none
trap 'exit 1' HUP INT TERM
trap 'marked | sed "s/:.*//" | xargs -r kill -KILL' EXIT
cat >in <<'S'
: >ready.1; exec sleep 1000
sleep 1000 & sleep 1001 & : >ready.2; wait
yes | (: >ready.3; cat) >/dev/null
timeout 1000 sh -c ': >ready.4; sleep 1000; :'
setsid sh -c ': >ready.5; sleep 1000; :' & wait
trap '' TERM; : >ready.6; while :; do sleep 0.1; done
: >ready.7; kill -STOP $$; sleep 1000
(trap '' TERM HUP; : >ready.8; while :; do sleep 0.1; done) & sleep 1000
S
n=$(wc -l <in)
for signal in TERM:143 HUP:129 INT:130; do
	mark=$$.$signal
	env MARK="$mark" env --default-signal=INT,HUP,TERM true 2>/dev/null ||
		[ $signal != INT:130 ] || continue
	default=
	[ $signal != INT:130 ] || default=--default-signal=INT
	env $default MARK="$mark" "$BPOOL" -j"$n" --kill-after=500ms <in \
		>out 2>err &
	for i in $(seq "$n"); do
		until [ -e ready."$i" ]; do sleep 0.01; done
	done
	rm ready.*
	[ "$(marked | wc -l)" -gt "$n" ]
	kill -"${signal%:*}" $!
	rc=0
	wait $! || rc=$?
	[ $rc = "${signal#*:}" ]
	left=$(marked)
	[ -z "$left" ] || { echo "$left"; exit 1; }
done
