# SPDX-License-Identifier: MIT
set -eu
cpus=$(nproc)
mkdir run
export cpus
seq $((cpus * 3)) | "$BPOOL" '
	: >run/{}
	ls run | wc -l
	while [ ! -e met ]; do
		[ "$(ls run | wc -l)" -lt "$cpus" ] || : >met
		sleep 0.01
	done
	ls run | wc -l
	rm run/{}' >counts
[ "$(sort -n counts | tail -n 1)" = "$cpus" ]
if [ "$cpus" -gt 1 ] && command -v taskset >/dev/null; then
	seq 4 | taskset -c 0 "$BPOOL" '
		mkdir alone && sleep 0.05 && rmdir alone; : {}'
fi
