#!/bin/sh
# SPDX-License-Identifier: MIT
#
# git fetch in 100 repositories, five at a time: by the library (fetch.c),
# then by the command.  After each, every repository must have the commit
# that was new in its remote, and no more than five may have been served at
# once.  From the top of the source tree, after make check or
# make build/examples/git-fetch:
#
#	docs/examples/git/run.sh [library] [command]
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
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org
export GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.org
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

# The commands of git fast-import for new commits on top of main, one for each
# repository and round: the branches ROUND/1, ROUND/2 ... in refs/new/.
new_commits() {
	for round in second third; do
		i=1
		while [ $i -le $REPOSITORIES ]; do
			echo "commit refs/new/$round/$i"
			echo "committer A <a@example.org> $i +0000"
			printf 'data <<END\n%s\nEND\n' "$round $i"
			if [ $round = second ]; then
				echo 'from refs/heads/main^0'
			else
				echo "from refs/new/second/$i"
			fi
			i=$((i + 1))
		done
	done
}

# Make a remote and a repository, side by side, and copies of the two.  The
# remote's coming commits are made before it is copied, but are on no branch
# yet; the repository knows nothing of them.
make_repositories() {
	mkdir pair all &&
		git init -q --bare --template= pair/remote &&
		cd pair/remote &&
		git symbolic-ref HEAD refs/heads/main || return
	first=$(git commit-tree -m first "$(git mktree </dev/null)") &&
		git update-ref refs/heads/main "$first" &&
		git clone -q --template= . ../repository &&
		new_commits | git fast-import --quiet &&
		git for-each-ref --format='%(refname:lstrip=2) %(objectname)' \
			refs/new >../../new-commits &&
		git for-each-ref --format='delete %(refname)' refs/new |
		git update-ref --stdin &&
		cd ../repository &&
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

# Every remote's branch moves on to its new commit of the round.
commit_everywhere() { # ROUND
	: >"$SERVED"
	rm -f "$SERVED.full"
	grep "^$1/" new-commits >round || return
	while IFS='/ ' read -r _ i new; do
		echo "$new" >all/"$i"/remote/refs/heads/main || return
	done <round
}

# Every repository must know the commit that its remote has, no two the same,
# and have it.
check_everywhere() { # ROUND
	origin=refs/remotes/origin/main
	i=1
	while [ $i -le $REPOSITORIES ]; do
		read -r new <all/$i/remote/refs/heads/main || return
		seen=nothing
		{ read -r seen <all/$i/repository/.git/$origin; } 2>/dev/null
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

for by in ${*:-library command}; do
	echo "$REPOSITORIES repositories, by the $by:"
	case $by in
	library)
		commit_everywhere second || die "cannot commit"
		"$build/examples/git-fetch" all/*/repository ||
			die "git-fetch failed"
		check_everywhere second || die "cannot read the commits"
		;;
	command)
		commit_everywhere third || die "cannot commit"
		printf '%s\n' all/*/repository |
			"$build/bpool" -j$AT_ONCE git -C {} fetch -q ||
			die "bpool failed"
		check_everywhere third || die "cannot read the commits"
		;;
	*) die "$by: neither library nor command" ;;
	esac
done
