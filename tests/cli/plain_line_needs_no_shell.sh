# SPDX-License-Identifier: MIT
# Words of safe characters are executed directly; the rest goes to the shell.
set -eu
mkdir bin
cat >bin/sh <<'S'
#!/bin/sh
echo shell >>used
exec /bin/sh "$@"
S
chmod +x bin/sh
[ "$(echo 'env echo plain' | "$BPOOL" --shell bin/sh)" = plain ]
[ ! -e used ]
[ "$(echo 'env echo "quoted"' | "$BPOOL" --shell bin/sh)" = quoted ]
[ "$(wc -l <used)" = 1 ]
printf 'x=1\ncd /\necho a >b\nif true\n' |
	"$BPOOL" -q --shell bin/sh 2>/dev/null || :
[ "$(wc -l <used)" = 5 ]
