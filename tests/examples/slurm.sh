# SPDX-License-Identifier: MIT
# The script of docs/many-machines.md for Slurm, as each task of its array: every line
# is run once, and none when it is submitted again.
set -eu
PATH=$BUILD:$PATH
awk '$0 == "```" { inside = 0 } inside; $0 == "```slurm" { inside = 1 }' \
	"$SRC/docs/many-machines.md" >script
grep -q '^#SBATCH --array=0-9%3$' script
seq 95 >lines
array() {
	for id in 0 1 2 3 4 5 6 7 8 9; do
		SLURM_ARRAY_TASK_ID=$id SLURM_ARRAY_TASK_COUNT=10 sh script
	done
}
array >out
sed 's/^fetched //' out | sort -n | cmp lines -
[ "$(cat log.? | grep -c fetched)" = 95 ]
array >again
[ ! -s again ]
