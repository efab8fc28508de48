# SPDX-License-Identifier: MIT
# Two jobs take turns at printing; their outputs are not mixed.
set -eu
mkfifo ab ba
cat >in <<'S'
echo a1; echo ea1 >&2; echo >ab; read x <ba; echo a2; echo ea2 >&2; echo >ab
read x <ab; echo b1; echo eb1 >&2; echo >ba; read x <ab; echo b2; echo eb2 >&2
S
"$BPOOL" -j2 <in >out 2>err
case $(echo $(cat out)) in
'a1 a2 b1 b2' | 'b1 b2 a1 a2') ;;
*) cat out; exit 1 ;;
esac
case $(echo $(cat err)) in
'ea1 ea2 eb1 eb2' | 'eb1 eb2 ea1 ea2') ;;
*) cat err; exit 1 ;;
esac
