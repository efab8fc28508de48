# SPDX-License-Identifier: MIT
# bash: complete bpool and bpool-queue.  Their own --help says what options there are,
# so what is installed is what is completed.

# Of the help of "$@" (the command, and its word): "--name=ARGUMENT -n", an option a
# line.
__bpool_options() {
	"$@" --help 2>/dev/null | sed -n -E '
		s/^ +(-., )?(--[a-z-]+)(\[?=[A-Z.=]+\]?)? .*/\2\3 \1/
		t said
		d
		: said
		s/,//
		p'
}

# What may stand for the argument that the help calls $1.
__bpool_values() {
	case $1 in
	*FILE* | *PATH*) compopt -o filenames 2>/dev/null; compgen -f -- "$2" ;;
	*DIR*) compopt -o filenames 2>/dev/null; compgen -d -- "$2" ;;
	*WHEN*) compgen -W 'auto always never' -- "$2" ;;
	*STYLE*) compgen -W 'pipe fifo' -- "$2" ;;
	*HALT*) compgen -W 'now,fail=1 soon,fail=1 now,success=1 now,done=50%' -- "$2" ;;
	*BUDGET*) compgen -W '10+20% none' -- "$2" ;;
	*RATE*) compgen -W '10/s 100/m 100/m:20' -- "$2" ;;
	*TIME*) compgen -W '300ms 10s 2m 1h' -- "$2" ;;
	esac
}

# The option $1 as a line of $2, or nothing.
__bpool_option() {
	grep -m1 -E -e "^$1(\[?=[^ ]*)?( |$)| $1 ?$" <<<"$2"
}

_bpool() {
	local cur=${COMP_WORDS[COMP_CWORD]} i=1 takes='' line name options
	local -a command=("${COMP_WORDS[0]}")

	COMPREPLY=()
	if [[ ${command[0]##*/} == bpool-queue ]]; then
		if ((COMP_CWORD == 1)); then
			mapfile -t COMPREPLY < <(compgen -W "--help --version $("${command[0]}" --help 2>/dev/null |
				sed -n 's/.*bpool-queue \([a-z]*\) .*--stream.*/\1/p' | sort -u)" -- "$cur")
			return
		fi
		command+=("${COMP_WORDS[1]}")
		i=2
		if [[ ${COMP_WORDS[1]} == dlq ]]; then
			if ((COMP_CWORD == 2)); then
				mapfile -t COMPREPLY < <(compgen -W 'list retry drop' -- "$cur")
				return
			fi
			command+=("${COMP_WORDS[2]}")
			i=3
		fi
	fi
	options=$(__bpool_options "${command[@]}")

	# To where the command begins, or the word that is completed.
	for (( ; i < COMP_CWORD; i++)); do
		name=${COMP_WORDS[i]}
		takes=
		case $name in
		--) i=$((i + 1)) && break ;;
		--*)
			line=$(__bpool_option "$name" "$options")
			[[ $line != *=* || $line == *'[='* ]] || takes=${line%% *}
			# bash parts --name=value in three words.
			if [[ ${COMP_WORDS[i + 1]-} == = ]]; then
				takes=${line%% *}
				i=$((i + 1))
				[[ $i == "$COMP_CWORD" ]] && cur= && i=$((i - 1))
			fi
			;;
		-?) line=$(__bpool_option "$name" "$options")
			[[ $line == *=* && $line != *'[='* ]] && takes=${line%% *}
			;;
		-*) ;;
		*) break ;;
		esac
		[[ -z $takes ]] || i=$((i + 1))
		((i < COMP_CWORD)) && takes=
	done
	if [[ -n $takes ]]; then
		mapfile -t COMPREPLY < <(__bpool_values "${takes#*=}" "$cur")
	elif ((i >= COMP_CWORD)) && [[ $cur == -* && ${COMP_WORDS[COMP_CWORD - 1]} != -- ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(sed -E 's/\[?=.*//; s/ .*//' <<<"$options")" -- "$cur")
	elif ((i >= COMP_CWORD)); then
		mapfile -t COMPREPLY < <(compgen -c -- "$cur")
	elif declare -F _command_offset >/dev/null; then
		_command_offset "$i"
	else
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi
}

complete -F _bpool bpool bpool-queue
