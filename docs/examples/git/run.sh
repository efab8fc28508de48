#!/bin/sh
# SPDX-License-Identifier: MIT
#
# git fetch in 100 repositories, five at a time: by the library (fetch.c),
# then by the command.  After each, every repository must have the commit
# that was new in its remote, and no more than five may have been served at
# once.  From the top of the source tree, after make check or
# make build/examples/git-fetch:
#
#	docs/examples/git/run.sh
#
# BUILD is the build directory (default: build).  Exits with 0 if all went
# well, 77 if something it needs is missing.
set -u

REPOSITORIES=100
AT_ONCE=5

die() {
	echo "git/run.sh: $*" >&2
	exit 1
}

build=$(cd "${BUILD:-build}" && pwd) || die "no build directory"
command -v git >/dev/null || {
	echo "git/run.sh: skipped: there is no git" >&2
	exit 77
}

scratch=$(mktemp -d) || die "no scratch directory"
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
cd "$scratch" || die "cannot enter $scratch"

# Whatever the caller has set up for git, this is about none of it.
# shellcheck disable=SC2046 # a list of names
unset $(git rev-parse --local-env-vars)
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_DEFAULT_REF_FORMAT=files
# Nothing here has to survive a power cut.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.fsync GIT_CONFIG_VALUE_0=none

# What git starts at the other end of a fetch, here a log of who comes and
# goes around the real one.  A short line to a file opened for appending goes
# in as one piece, so the order of the lines is the order of things.  The
# first ones wait until AT_ONCE of them have come, 30 s at the longest: that
# so many do run at once is then no matter of luck.
export SERVED="$scratch/served" AT_ONCE
cat >upload-pack <<'END'
#!/bin/sh
echo come >>"$SERVED"
i=0
while [ ! -e "$SERVED.full" ] && [ $i -lt 300 ]; do
	[ "$(wc -l <"$SERVED")" -lt "$AT_ONCE" ] || : >"$SERVED.full"
	sleep 0.1
	i=$((i + 1))
done
git upload-pack "$@"
status=$?
echo go >>"$SERVED"
exit $status
END
chmod +x upload-pack

# commit REMOTE TEXT: a new commit on top of its branch, in one process.
commit() {
	printf 'commit refs/heads/main\ncommitter A <a@example.org> now\n' \
		>import
	printf 'data <<END\n%s\nEND\n' "$2" >>import
	[ "$2" = first ] || echo 'from refs/heads/main^0' >>import
	git -C "$1" fast-import --quiet --date-format=now <import
}

# Make a remote and a repository, side by side, and copies of the two.
make_repositories() {
	mkdir pair all &&
		git init -q --bare --template= pair/remote &&
		git -C pair/remote symbolic-ref HEAD refs/heads/main &&
		commit pair/remote first &&
		git clone -q --template= pair/remote pair/repository &&
		cd pair/repository &&
		git config gc.auto 0 &&
		git config maintenance.auto false &&
		git config remote.origin.uploadpack "'$scratch/upload-pack'" &&
		git config remote.origin.url ../remote &&
		cd "$scratch" || return
	i=1
	while [ $i -le $REPOSITORIES ]; do
		cp -R pair all/$i || return
		i=$((i + 1))
	done
}

commit_everywhere() {
	: >"$SERVED"
	rm -f "$SERVED.full"
	i=1
	while [ $i -le $REPOSITORIES ]; do
		commit all/$i/remote "$1 $i" || return
		i=$((i + 1))
	done
}

# Every repository must know the commit that its remote has, no two the same,
# and have it.
check_everywhere() {
	i=1
	while [ $i -le $REPOSITORIES ]; do
		read -r new <all/$i/remote/refs/heads/main || return
		read -r seen <all/$i/repository/.git/refs/remotes/origin/main
		[ "$seen" = "$new" ] || die "repository $i has $seen, not $new"
		echo "$new"
		i=$((i + 1))
	done >commits
	[ "$(sort -u commits | wc -l)" -eq $REPOSITORIES ] ||
		die "the commits are not one for each repository"
	i=$REPOSITORIES
	seen=$(git -C all/$i/repository log -1 --format=%s origin/main)
	[ "$seen" = "$1 $i" ] || die "repository $i has '$seen', not '$1 $i'"
	awk -v most=$AT_ONCE -v all=$REPOSITORIES '
		/come/ { served++; if (++now > peak) peak = now }
		/go/ { now-- }
		END {
			printf "served %d, %d at once\n", served, peak
			exit !(served == all && peak == most)
		}' "$SERVED" || die "should be $REPOSITORIES, $AT_ONCE at once"
}

make_repositories || die "cannot make the repositories"

echo "$REPOSITORIES repositories, by the library:"
commit_everywhere second || die "cannot commit"
"$build/examples/git-fetch" all/*/repository || die "git-fetch failed"
check_everywhere second || die "cannot read the commits"

echo "by the command:"
commit_everywhere third || die "cannot commit"
printf '%s\n' all/*/repository |
	"$build/bpool" -j$AT_ONCE git -C {} fetch -q || die "bpool failed"
check_everywhere third || die "cannot read the commits"
