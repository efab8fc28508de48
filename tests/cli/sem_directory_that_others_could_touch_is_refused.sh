# SPDX-License-Identifier: MIT
# A symbolic link, a file, one open to others, one of somebody else's: each in
# a /tmp of our own.
set -eu
cp "$BPOOL" bpool
if [ "${1-}" != inside ]; then
	case $(id -u) in
	0) set -- -m ;;
	*) set -- -Urm ;;
	esac
	unshare "$@" mount -t tmpfs none /tmp 2>err || {
		echo "no /tmp of our own: $(cat err)"
		exit 77
	}
	cp "$0" script 2>/dev/null || cp "$OLDPWD/$0" script
	exec unshare "$@" sh script inside
fi
mount -t tmpfs none /tmp
directory=/tmp/bpool-$(id -u)
refused() {
	for options in '--sem x' '--limit x=1'; do
		# shellcheck disable=SC2086
		! ./bpool $options touch ran 2>err </dev/null || exit 1
		grep "^bpool: $directory: $1" err || {
			cat err
			exit 1
		}
	done
	[ ! -e ran ]
	[ -z "$(ls /tmp/other)" ]
}
umask 0
mkdir -m 700 /tmp/other
ln -s other "$directory"
refused 'is not a directory, or is a symbolic link'
rm "$directory"
ln -s nowhere "$directory"
refused 'is not a directory, or is a symbolic link'
rm "$directory"
: >"$directory"
refused 'is not a directory, or is a symbolic link'
rm "$directory"
for mode in 777 770 707 1777 750; do
	mkdir "$directory"
	chmod $mode "$directory"
	refused "is open to others (mode [01]$(echo $mode | tail -c 4)"
	rmdir "$directory"
done
mkdir -m 700 "$directory"
chown 12345 "$directory" 2>/dev/null || mount --bind /usr "$directory"
refused 'is owned by user [0-9]*, not by you'
umount "$directory" 2>/dev/null || :
rmdir "$directory"
# The one that bpool makes is closed, and so is the file; no link is followed.
./bpool --sem x touch ran
[ -e ran ]
[ "$(stat -c %a:%F "$directory" "$directory/x" | tr '\n' ' ')" = \
	'700:directory 600:regular file ' ]
ln -s ../other/new "$directory/y"
! ./bpool --sem y true 2>err || exit 1
grep "^bpool: $directory/y: " err
[ -z "$(ls /tmp/other)" ]
mkfifo "$directory/z"
! ./bpool --sem z true 2>err || exit 1
grep "^bpool: $directory/z: " err
