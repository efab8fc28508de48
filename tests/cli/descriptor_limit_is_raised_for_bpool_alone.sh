# SPDX-License-Identifier: MIT
# The soft limit suffices for few jobs; 60 meet all the same, and each has
# the limit that bpool was started with.
set -eu
[ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -ge 1024 ] || {
	echo "hard limit too low"
	exit 77
}
seq 60 >in
(
	ulimit -Sn 64
	"$BPOOL" -j60 'ulimit -Sn; echo {} >>here
		[ $(wc -l <here) -lt 60 ] || : >met
		while [ ! -e met ]; do sleep 0.3; done' <in >out 2>err
)
[ ! -s err ]
[ "$(sort -u out)" = 64 ]
[ "$(wc -l <out)" = 60 ]
