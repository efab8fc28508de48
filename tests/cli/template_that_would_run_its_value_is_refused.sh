# SPDX-License-Identifier: MIT
# Refused before anything runs, with status 2 and advice, in both forms.
set -eu
refused() {
	expected=$1 rc=0
	shift
	echo 'touch CANARY' | "$BPOOL" "$@" >out 2>err || rc=$?
	[ "$rc" = 2 ] || { echo "status $rc: $*"; exit 1; }
	[ ! -s out ]
	[ "$(head -c 7 err)" = 'bpool: ' ]
	grep -qF -e "$expected" err || { echo "$*:"; cat err; exit 1; }
}
refused "'before '{}' behind'" "echo '{}'"
refused 'expr {} + 1' 'echo $(({} + 1))'
refused "printf '%s\\n' {} | command" 'cat <<E
{}
E'
refused 'x={};' 'echo ${x:-{}}'
refused 'write $(...)' 'echo `echo {}`'
refused 'the syntax here (or it is wrong)' 'echo {} )'
refused 'x=$(command {})' 'echo "$(basename {})"'
refused "sh -c 'echo \"\$1\"' sh {}" 'eval echo {}'
refused "sh -c 'echo \"\$1\"' sh {}" 'sh -c "echo {}"'
refused "sh -c 'echo \"\$1\"' sh {}" sh -c 'echo {}'
refused "sh -c 'echo \"\$1\"' sh {}" env X=1 bash -xc
refused "write -- before the first operand" env {} x
refused 'awk -v x={}' 'awk {}'
refused 'use [ ]' '[[ {} -eq 1 ]]'
refused 'another name' 'PS4={}; set -x; :'
refused 'NAME={}' 'declare {}'
refused "own" 'echo $bpool_value'
refused 'write {} where it belongs' 'echo hi #'
[ ! -e CANARY ]
