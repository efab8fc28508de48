# SPDX-License-Identifier: MIT
# The kernel refuses processes for a while; no job is lost.  strace counts in
# each thread: the main one makes two (threads), the worker one a job.
set -eu
[ -z "${SAN-}" ] || { echo "not under sanitizers"; exit 77; }
strace -o /dev/null true 2>/dev/null || { echo "no strace"; exit 77; }
seq 5 >in
for call in clone3 clone vfork; do
	strace -f -o trace -e trace=clone3,clone,vfork \
		-e inject=$call:error=EAGAIN:when=3..5 \
		"$BPOOL" -k -j1 env echo <in >out 2>err || :
	grep -q 'INJECTED' trace || continue
	cmp in out || { cat err; exit 1; }
	[ ! -s err ]
	exit 0
done
echo "nothing could be injected"
exit 77
