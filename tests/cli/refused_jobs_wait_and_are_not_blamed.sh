# SPDX-License-Identifier: MIT
# A job that was refused, by status 75 or in words on a descriptor, is tried
# again ahead of others, however often; its key pauses, and others do not.
set -eu
seq 5 | "$BPOOL" -j3 --retries 1 --backoff 1ms --summary --progress \
	--events events \
	'echo {} >>starts; [ $BPOOL_ATTEMPT -gt 2 ] || exit 75' 2>err
[ "$(wc -l <starts)" = 15 ]
grep '0 failed' err
grep -E 'again: 0 times after a failure, 10 after a refusal; [1-9][0-9]* pauses' \
	err
grep -E '^bpool: 5/5 done, 0 running, 10 refused, [1-9][0-9]* pauses?, ' err
grep '"event":"summary".*"overloaded":10,"pauses":[1-9]' events
# The limit that is looked for is told, and so is that of the moment.
seq 9 | "$BPOOL" -j auto:3 --progress --summary --events events true 2>err
grep -E '^bpool: 9/9 done, 0 running, limit [1-3], ' err
grep -E '^bpool: -j auto: [1-3] at once in the end$' err
grep -E '"event":"summary".*"limit":[1-3],' events
# Never early, and what the job exits with does not count then.
now() {
	date +%s%N | cut -c1-13
}
echo x | "$BPOOL" --retries 1 'date +%s%N | cut -c1-13 >>at
	if [ $BPOOL_ATTEMPT = 1 ]; then
		echo "Retry-After: 1" >&$BPOOL_FEEDBACK
		exit 3
	fi; : {}'
[ $(($(tail -n 1 at) - $(head -n 1 at))) -ge 1000 ]
# One that comes through was not refused, whatever it says.
echo x | "$BPOOL" --retries 1 'echo overloaded >&"$BPOOL_FEEDBACK"; echo {}' \
	>out
[ "$(cat out)" = x ]
# Other keys go on.
printf '%s\n' 'bad 1' 'bad 2' 'good 1' 'good 2' 'good 3' |
	"$BPOOL" -j4 -C ' ' --key '{1}' --per-key 1 '
	echo {1} {2} >>order
	if [ {1}$BPOOL_ATTEMPT = bad1 ]; then
		echo retry-after 10 >&$BPOOL_FEEDBACK
		exit 1
	fi'
[ "$(grep -c bad order)" = 4 ]
[ "$(head -n 4 order | grep -c good)" = 3 ]
# Told to come back too late, it fails.
echo x | "$BPOOL" --retries 9 'echo retry-after 301 >&"$BPOOL_FEEDBACK"
	exit 1; : {}' 2>err && exit 1
grep 'told to come back in 301 s, which is too long' err
# Who did not ask for any of this has a status like others, and no descriptor.
echo x | "$BPOOL" 'echo "<${BPOOL_FEEDBACK-none}>"; exit 75; : {}' \
	>out 2>err && exit 1
[ "$(cat out)" = '<none>' ]
grep 'exit status 75' err
# It is not the caller's.
echo x | "$BPOOL" --retries 1 'echo >&9; echo $BPOOL_FEEDBACK; : {}' \
	9>nine >out
[ "$(cat out)" = 8 ]
[ "$(wc -c <nine)" = 1 ]
# Blanks around it, garbage before it and a line that nobody ends: it counts, and
# to the last digit.
said() { # SHELL-TEXT: it says so, and is not tried again before a second is over
	rm -f at
	echo x | "$BPOOL" --retries 1 "date +%s%N | cut -c1-13 >>at
		if [ \$BPOOL_ATTEMPT = 1 ]; then
			{ $1; } >&\$BPOOL_FEEDBACK
			exit 1
		fi; : {}"
	[ $(($(tail -n 1 at) - $(head -n 1 at))) -ge 1000 ]
}
said "echo 'Retry-After: 1 '"
said "printf ' retry-after\t1 \r\n'"
said "head -c 4082 /dev/zero | tr '\0' x; echo; printf 'retry-after 1.5'"
said "head -c 9000 /dev/zero | tr '\0' x; printf '\nretry-after 1\n'"
said "printf '\0\nretry-after 1\n'"
said "head -c 4095 /dev/zero | tr '\0' '\n'; echo retry-after 1"
# Nor what is said after a megabyte, or in a line without end.
echo x | "$BPOOL" --retries 1 '
	{ head -c 2000000 /dev/zero | tr "\0" x; echo; echo overloaded; } \
		>&$BPOOL_FEEDBACK
	exit 3; : {}' 2>err && exit 1
grep 'exit status 3' err
# Where the caller has all numbers of one digit, it is another.
echo x | "$BPOOL" --retries 1 '
	[ $BPOOL_ATTEMPT = 2 ] && exit
	echo overloaded >>/dev/fd/$BPOOL_FEEDBACK
	exit 3; : {}' 3>&1 4>&1 5>&1 6>&1 7>&1 8>&1 9>&1
# What is said of retries, where there are none, is a mistake.
for wrong in --retry-on=3 --retry-budget=3 --all-attempts --backoff=1s; do
	rc=0
	echo x | "$BPOOL" "$wrong" true 2>err || rc=$?
	[ $rc = 2 ] || { echo "$wrong: $rc"; exit 1; }
	grep 'needs --retries' err
done
