# SPDX-License-Identifier: MIT
# What bash, zsh and fish complete, asked of the shells: every option of the help, what
# stands for its argument, and the command that is to run with what that has.
set -eu
[ -z "${SAN-}" ] || { echo 'not under sanitizers: the shells are the same'; exit 77; }
for shell in bash zsh fish; do
	command -v $shell >/dev/null || { echo "no $shell"; exit 77; }
done
PATH=${BPOOL%/*}:$PATH
export PATH HOME="$PWD" TERM=dumb COMPLETIONS="$SRC/tools/completions"
: >file.one
: >file.two

# What follows a line, each in a line: by the shell itself.
cat >bash.words <<'E'
. "$COMPLETIONS/bpool.bash"
# As readline has it: an equals sign is a word.
read -ra COMP_WORDS <<<"${1//=/ = }"
[[ $1 != *' ' ]] || COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_bpool
printf '%s\n' "${COMPREPLY[@]}"
E
cat >fish.words <<'E'
source $COMPLETIONS/bpool.fish
source $COMPLETIONS/bpool-queue.fish
complete -C "$argv[1]" | string replace -r '\t.*' ''
E
# In a pseudo-terminal, where what compadd is given is written to a file.
cat >zsh.words <<'E'
zmodload zsh/zpty
cat >asked.zsh <<'I'
fpath=($COMPLETIONS $fpath)
autoload -Uz compinit
compinit -u -D
compadd() {
	local -a matches
	builtin compadd -A matches "$@"
	print -rl -- $matches >>found
	builtin compadd "$@"
}
print >ready
I
rm -f ready found
zpty asked zsh -f -i
zpty -w asked '. ./asked.zsh'
until [[ -e ready ]]; do sleep 0.05; done
: >found
zpty -w -n asked "$1"$'\t'
# Until nothing more comes.
local before=-1 n
for (( n = 0; n < 100; n++ )); do
	while zpty -r -t asked line; do :; done
	sleep 0.1
	[[ -s found && $(wc -c <found) == $before ]] && break
	before=$(wc -c <found)
done
zpty -d asked
sort -u found
E
words() { # SHELL LINE
	case $1 in
	bash) bash --norc bash.words "$2" ;;
	zsh) zsh -f zsh.words "$2" ;;
	fish) fish --no-config fish.words "$2" ;;
	esac 2>err | sed 's/=$//; s/^--[a-z-]*=//' | sort -u >words
	[ ! -s err ] || { cat err; exit 1; }
}
has() { # LINE WORD...
	line=$1
	shift
	for shell in bash zsh fish; do
		words $shell "$line"
		for word; do
			grep -Fxq -e "$word" words ||
				{ echo "$shell: $line: no $word"; cat words; exit 1; }
		done
	done
}
bpool --help | sed -n -E 's/^ +(-., )?(--[a-z-]+).*/\2/p' | sort >help
[ "$(wc -l <help)" -gt 50 ]
for shell in bash zsh fish; do
	words $shell 'bpool --'
	grep '^--' words | comm -23 help - >missing
	[ ! -s missing ] || { echo "$shell:"; cat missing; exit 1; }
done
has 'bpool -k --time' --timeout
has 'bpool --color ' auto always never
has 'bpool --color=al' always
has 'bpool -j 3 --halt so' soon,fail=1
has 'bpool -a file.' file.one file.two
has 'bpool -k --line' --line-buffer
has 'bpool -j5 seq' seq
has 'bpool -j 5 --tag seq' seq
has 'bpool -- seq' seq
if [ -x "${BPOOL%/*}/bpool-queue" ]; then
	has 'bpool-queue s' status submit
	has 'bpool-queue submit --bat' --batch
	has 'bpool-queue dlq l' list
	has 'bpool-queue dlq list --bat' --batch
	has 'bpool-queue work --stream S --class c -j 8 -- seq' seq
fi
