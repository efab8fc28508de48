# SPDX-License-Identifier: MIT
# stdout, stderr and meta.json, as the job printed them, whatever --tag makes
# of them; printed all the same; and no name leaves the folder.
set -eu
"$BPOOL" -k --tag --results all 'echo {}; echo bad >&2; [ {} = a ]' \
	::: a 'b c' >out 2>err || :
[ "$(cat out)" = "$(printf 'a\ta\nb c\tb c')" ]
[ "$(cat all/1-a/stdout)" = a ]
[ "$(cat all/1-a/stderr)" = bad ]
[ "$(cat all/2-b%20c/stdout)" = 'b c' ]
[ "$(cat all/2-b%20c/stderr)" = bad ]
grep '"job":2,.*"values":\["b c"\],.*"outcome":"failed","status":1' \
	all/2-b%20c/meta.json
mkdir box
long=$(head -c 5000 /dev/zero | tr '\0' x)
printf '%s\0' .. ../../up /etc/passwd '' . "$(printf 'a\nb')" "$long" \
	'a/../../b' "$(printf '\377')" '%2e%2e' >hostile
"$BPOOL" -0 --results box/in true <hostile
[ "$(find . -name up -o -name b -o -name passwd)" = '' ]
[ "$(ls box)" = in ]
[ "$(ls box/in | wc -l)" = 10 ]
[ "$(find box/in -name meta.json | wc -l)" = 10 ]
[ "$(find box/in -mindepth 3 | wc -l)" = 0 ]
# Again, in the place of those before.
"$BPOOL" --results all 'echo again; : {}' ::: a >out
[ "$(cat all/1-a/stdout)" = again ]
"$BPOOL" -k --results two 'echo {1} {2}' ::: a b ::: 1 >out
[ "$(cat two/2-b,1/stdout)" = 'b 1' ]
# A folder of another's making is no way out.
mkdir trap outside
ln -s ../outside trap/1-a
rc=0
"$BPOOL" --results trap echo ::: a 2>err || rc=$?
[ $rc = 1 ]
[ "$(ls outside)" = '' ]
grep -e '--results: ' err
