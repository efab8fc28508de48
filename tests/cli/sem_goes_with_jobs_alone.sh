# SPDX-License-Identifier: MIT
# Whatever else is said beside --sem would not happen.
set -eu
name=test-$$
trap 'rm -f "/tmp/bpool-$(id -u)/$name"' EXIT
refused() {
	rc=0
	"$BPOOL" "$@" 2>err || rc=$?
	[ $rc = 2 ]
	grep '^bpool: --sem' err
}
for option in -k -0 -m -u -q -v --dry-run --tag --tag=x -n2 -d, -a- -C, -I@ \
	--cwd=/ --delay=1 --load=9 --memfree=1 --kill-after=1 --shell=/bin/sh \
	--keep-cr --line-buffer --timeout=9 --deadline=9 --halt=now,fail=1 \
	--joblog=ran --results=ran --events=ran --resume --retry-failed \
	"--limit=$name=1"; do
	refused --sem "$name" $option touch ran
	refused $option --sem "$name" touch ran
done
refused --sem "$name"
refused --sem "$name" -j4097 touch ran
refused -j4097 --sem "$name" touch ran
[ ! -e ran ]
"$BPOOL" --sem "$name" --jobs=4096 -- touch ran
[ -e ran ]
"$BPOOL" --sem "$name" --help | grep -q '^Usage'
