# SPDX-License-Identifier: MIT
# Hostile file names, in every position of a template, bare and in quotes: what
# is printed is the very name, and what each would make is never there.
set -eu
set -- '$(touch SENTINEL)' '`touch SENTINEL`' '; touch SENTINEL;' \
	'& touch SENTINEL &' '| touch SENTINEL' 'a
touch SENTINEL
b' "'; touch SENTINEL; '" '"; touch SENTINEL; "' '-e $(touch SENTINEL)' \
	'--help' '*' '${x:-$(touch SENTINEL)}' '{} {1} {#} {%}' \
	'%s %n $(touch SENTINEL) %' '\$(touch SENTINEL)\' '~' \
	'  blanks $(touch SENTINEL)  ' '$((x[$(touch SENTINEL)]))' \
	'x[$(touch SENTINEL)]' '<(touch SENTINEL)' '>SENTINEL' '#' '!!' '-' \
	'=' '$1' '$@' '){ touch SENTINEL;' '" "$(touch SENTINEL)" "' \
	"' '\$(touch SENTINEL)' '"
printf '%s\0' "$@" >values
shells=/bin/sh
[ ! -x /bin/bash ] || shells='/bin/sh /bin/bash'

# same WHAT...: the output is the wanted one, and nothing was run.
same() {
	cmp want out || { echo "with: $*"; exit 1; }
	[ -z "$(find . -name SENTINEL)" ] || { echo "run by: $*"; exit 1; }
}
# A shell's command.
template() {
	for shell in $shells; do
		"$BPOOL" --shell $shell -k0 -a values "$@" >out
		same "$shell" "$@"
	done
}
# A program's words.
words() {
	"$BPOOL" -k0 -a values "$@" >out
	same "$@"
}
# What is shown to be run.
shown() {
	"$BPOOL" -0 -a values --dry-run "$@" | sh >out
	same --dry-run "$@"
}

printf '%s\0' "$@" >want
while IFS= read -r line; do
	template "$line"
done <<'T'
printf '%s\0' {}
printf '%s\0' "{}"
printf '%s\0' ""{}""
printf '%s\0'
: first; printf '%s\0' {}
: && printf '%s\0' "{}"
false || printf '%s\0' {}
: {} & printf '%s\0' {}; wait
: | printf '%s\0' {}
printf '%s\0' {} | cat
(printf '%s\0' {})
{ printf '%s\0' "{}"; }
if :; then printf '%s\0' {}; fi
while :; do printf '%s\0' "{}"; break; done
for i in {}; do printf '%s\0' "$i"; done
case {} in *) printf '%s\0' {} ;; esac
x={}; printf '%s\0' "$x"
x="{}" y={}; printf '%s\0' "$y"
x=$(printf '%s.' {}); printf '%s\0' "${x%.}"
set -- a {} b; printf '%s\0' "$2"
env printf '%s\0' {}
x={} sh -c 'printf "%s\0" "$x"'
sh -c 'printf "%s\0" "$1"' sh {}
mkdir -p d; : >d/{}; cat <"d/{}"; rm d/{}; printf '%s\0' {}
printf '%s\0' {.}
printf '%s\0' {/}
printf '%s\0' "{/.}"
T
template -n1 "printf '%s\0' {1}"
template -n1 "printf '%s\0' \"{1}\""
template -n3 "printf '%s\0' {}"
template -m "printf '%s\0' {}; :"
template -C '@@' "printf '%s\0' {1}"
template -I '@@' "printf '%s\0' @@"
words printf '%s\0'
words printf '%s\0' {}
words printf '%s\0' {.}
words -n1 printf '%s\0' {1}
words -n3 printf '%s\0' {}
words -m printf '%s\0'
words -C '@@' printf '%s\0' {1/}
words -I '@@' printf '%s\0' '@@'
words env printf '%s\0' {}
words sh -c 'printf "%s\0" "$1"' sh {}
shown "printf '%s\0' \"{}\""
shown -m "printf '%s\0' {}; :"
shown printf '%s\0' {}
for form in "printf '%s\0' {}" "printf '%s\0' \"{1}\""; do
	"$BPOOL" -k "$form" ::: "$@" >out
	same "$form" :::
done

# Joined to others.
for v; do printf 'a%sb\0' "$v"; done >want
template "printf '%s\0' a{}b"
template "printf '%s\0' \"a{}b\""
template "printf '%s\0' a\"{}\"b"
words printf '%s\0' 'a{}b'
words printf 'a%sb\0' {}
for v; do printf '%s/c.d\0' "$v"; done >want
template "printf '%s/c.d\0' {}"
words printf '%s\0' '{}/c.d'

# As several words, and in the second command.
for v; do printf '%s\0' "$v" "=$v" "$v.$v"; done >want
template "printf '%s\0' {} ={} {}.{}"
template "printf '%s\0' \"{}\" \"={}\" \"{}.{}\""
template "printf '%s\0' {}; printf '%s\0' ={} \"{}.\"{}"
template "printf '%s\0' \"{/}\" ={.}; printf '%s\0' {.}.\"{/}\""
words printf '%s\0' {} '={}' '{}.{}'
shown "printf '%s\0' {} \"={}\" {}.\"{}\""

# As the parts of a path: its directory, its last component.
for v; do printf '%s\0' "$v/$v.c"; done >paths
for v; do printf '%s\0' "$v" "$v" "$v.c" "$v/$v"; done >want
mv paths values
template "printf '%s\0' {//} {/.} \"{/}\" {.}"
template "printf '%s\0' \"{//}\"; printf '%s\0' {/.} {/} \"{.}\""
words printf '%s\0' {//} {/.} {/} {.}

# What names a job, and where it runs: the prefix of its lines, its directory,
# the remark on its failure.
mkdir dirs
for v; do mkdir "dirs/$v"; done
printf '%s\0' "$@" >values
for v; do printf '%s\0' "$PWD/dirs/$v"; done >want
"$BPOOL" -k0 -a values "--cwd=dirs/{}" 'printf "%s\0" "$PWD"; : {}' >out
same --cwd
rc=0
"$BPOOL" -k0 -v -a values "--tag={}" 'echo; exit 3; : {}' >tagged 2>err || rc=$?
[ $rc = 123 ]
[ "$(wc -l <tagged)" = $# ]
[ "$(grep -c ': exit status 3: ' err)" = $# ]
same --tag
