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
while [ "$(wc -l <"$SERVED")" -lt "$AT_ONCE" ] && [ $i -lt 600 ]; do
	sleep 0.05
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

# Make one remote and one repository, and 99 copies of both.
make_repositories() {
	git init -q --bare --template= remote.git &&
		git -C remote.git symbolic-ref HEAD refs/heads/main &&
		commit remote.git first &&
		git clone -q --template= remote.git repository &&
		cd repository &&
		git config gc.auto 0 &&
		git config maintenance.auto false &&
		git config remote.origin.uploadpack "'$scratch/upload-pack'" &&
		git config remote.origin.url ../../remotes/NUMBER.git &&
		cd .. &&
		mkdir remotes repositories || return
	i=1
	while [ $i -le $REPOSITORIES ]; do
		cp -R remote.git "remotes/$i.git" &&
			cp -R repository "repositories/$i" &&
			sed "s/NUMBER/$i/" repository/.git/config \
				>"repositories/$i/.git/config" || return
		i=$((i + 1))
	done
}

commit_everywhere() {
	: >"$SERVED"
	i=1
	while [ $i -le $REPOSITORIES ]; do
		commit "remotes/$i.git" "$1 $i" || return
		i=$((i + 1))
	done
}

# The subject of the last commit that a repository has seen of its remote
# says which commit it is.
check_everywhere() {
	i=1
	while [ $i -le $REPOSITORIES ]; do
		seen=$(git -C "repositories/$i" log -1 --format=%s origin/main)
		[ "$seen" = "$1 $i" ] ||
			die "repository $i has '$seen', not '$1 $i'"
		i=$((i + 1))
	done
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
"$build/examples/git-fetch" repositories/* || die "git-fetch failed"
check_everywhere second

echo "by the command:"
commit_everywhere third || die "cannot commit"
printf '%s\n' repositories/* |
	"$build/bpool" -j$AT_ONCE git -C {} fetch -q || die "bpool failed"
check_everywhere third
