# SPDX-License-Identifier: MIT
# As ssh and ffmpeg do.  Whether it is a pipe or a file, each line has its job and
# no job reads any; nor does it read bpool's stdin where the list is elsewhere.
set -eu
seq 30000 | sed 's/$/ a line of the list that is no short one/' >in
head -n 40 in >some
cat >job <<'S'
read -r line && echo "read: $line"
cat
echo "$1"
S
for how in -k '-u -j1' '-k -n1'; do
	"$BPOOL" $how sh job <some >out
	cmp some out
	cat some | "$BPOOL" $how sh job >out
	cmp some out
	"$BPOOL" $how -a some sh job <in >out
	cmp some out
	"$BPOOL" $how 'sh job {}; cat' <some | cmp some -
	"$BPOOL" $how -a some 'sh job {}; cat' <in | cmp some -
done
# Longer than any buffer.
"$BPOOL" -m -j2 sh -c 'cat; printf "%s\n" "$@"' sh <in | sort -n | cmp in -
sed 's/.*/cat; echo x/' some | "$BPOOL" >out
[ "$(wc -l <out)" = 40 ]
[ "$(sort -u out)" = x ]
