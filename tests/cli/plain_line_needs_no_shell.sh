# SPDX-License-Identifier: MIT
# Words of safe characters are executed directly; the rest goes to the shell.
set -eu
cat >shell <<'S'
#!/bin/sh
echo shell >>used
exec /bin/sh "$@"
S
chmod +x shell
[ "$(echo 'env echo plain' | "$BPOOL" --shell ./shell)" = plain ]
[ ! -e used ]
[ "$(echo 'env echo "quoted"' | "$BPOOL" --shell ./shell)" = quoted ]
[ "$(wc -l <used)" = 1 ]
printf 'x=1\ncd /\necho a >b\nif true\n' |
	"$BPOOL" -q --shell ./shell 2>/dev/null || :
[ "$(wc -l <used)" = 5 ]
