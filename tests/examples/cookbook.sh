#!/bin/sh
# SPDX-License-Identifier: MIT
# Each recipe of docs/cookbook.md does what it says, with stand-ins for what needs a
# network or may not be installed: at most as many at once as it says, in its order,
# with its exit status, and its files are there.
set -u
. "$SRC/tests/page.sh"
page_needs python3 git make
real_git=$(command -v git)
PATH=$page_top/stubs:$SRC/docs/examples/http:$PATH
busy=$page_top/busy
shared=cookbook.$$
export PATH busy
mkdir stubs busy
trap 'rm -f "/tmp/bpool-$(id -u)/$shared"*; [ -z "${server-}" ] || kill "$server"' EXIT
trap 'exit 1' HUP INT TERM

# Each recipe in files of its own: N.sh, N.c.
awk '/^## [0-9]+\. / { n = $2 + 0 }
	/^```/ { kind = kind == "" ? substr($0, 4) : ""
		if (kind != "")
			blocks[n]++
		next }
	n && (kind == "sh" || kind == "c") { print >(n "." kind) }
	END { print n >"recipes"
		for (i = 1; i <= n; i++)
			if (blocks[i] != 1)
				print "cookbook: recipe " i ": not one listing" }' \
	"$SRC/docs/cookbook.md" >&2

# stub NAME: a program, of standard input.  `begin KEY` and `end` in it count how many
# run at once.
stub() {
	{
		echo '#!/bin/sh'
		echo 'begin() { key=$1; echo + >>"$busy/$key"; sleep 0.05; }'
		echo 'end() { echo - >>"$busy/$key"; }'
		cat
	} >"$page_top/stubs/$1"
	chmod +x "$page_top/stubs/$1"
}

# at_most N KEY: of KEY there were some, and no more than N at once.
at_most() {
	awk -v most="$1" '
		/\+/ { if (++now > peak) peak = now; n++ }
		/-/ { now-- }
		END { if (n == 0 || peak > most) {
			print FILENAME ": " peak " at once of " n; exit 1 } }' \
		"$busy/$2" >&2
}

# cook STATUS N [SED]: run the recipe, as it stands or changed; it ends with STATUS, and
# has written to `out` and `err`.
cook() {
	sed "${3-}" "../$2.sh" >recipe
	[ -z "${3-}" ] || {
		rc=0
		cmp -s recipe "../$2.sh" || rc=$?
		[ $rc = 1 ]
	}
	rc=0
	sh recipe >out 2>err </dev/null || rc=$?
	[ $rc = "$1" ] || {
		echo "exit status $rc, not $1" >&2
		cat out err >&2
		return 1
	}
}

recipe_1() {
	"$real_git" init -q seed
	for i in one two; do
		"$real_git" -C seed -c user.name=me -c user.email=me@example.org \
			commit -q --allow-empty -m $i
		[ $i = two ] || for r in 1 2 3 4 5 6 7 8 9; do
			"$real_git" clone -q seed home/src/$r
		done
	done
	stub git <<-E
		begin git
		"$real_git" "\$@"
		status=\$?
		end
		exit \$status
	E
	HOME=$PWD/home
	export HOME
	cook 0 1
	rm "$page_top/stubs/git"
	at_most 5 git
	for r in 1 2 3 4 5 6 7 8 9; do
		[ "$(git -C home/src/$r log -1 --format=%s FETCH_HEAD)" = two ]
	done
}

recipe_2() {
	stub curl <<-'E'
		for url; do :; done
		while [ $# -gt 1 ]; do
			case $1 in
			-D) head=$2 ;;
			-o) body=$2 ;;
			esac
			shift
		done
		host=${url#*://}
		begin "${host%%/*}"
		echo "$url" >"$body"
		if [ "$url" = http://b.example/2 ] && mkdir refused 2>/dev/null; then
			printf 'HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\n' >"$head"
			printf 429
		else
			printf 'HTTP/1.1 200 OK\r\n' >"$head"
			printf 200
		fi
		end
	E
	for i in 1 2 3 4; do
		echo http://a.example/$i
		echo http://b.example/$i
		echo https://c.example:8443/$i
	done >urls
	# Four starts of each host, no more than five in a second.
	# Nobody is refused yet: what takes time is the rate.
	mkdir refused
	since=$(date +%s%N)
	cook 0 2
	[ $((($(date +%s%N) - since) / 1000000)) -ge 600 ]
	rm -r refused pages "$busy/"*.example*
	# That slow, they would hardly meet.
	cook 0 2 's|5/s|500/s|'
	rm "$page_top/stubs/curl"
	[ -d refused ]
	at_most 2 a.example
	at_most 2 b.example
	at_most 2 c.example:8443
	i=0
	while read -r url; do
		i=$((i + 1))
		[ "$(cat pages/$i.html)" = "$url" ]
	done <urls
	[ $i = 12 ]
}

recipe_3() {
	stub convert <<-'E'
		begin convert
		[ "$2 $3" = "-resize 1600x1600" ] && cp "$1" "$4"
		end
	E
	mkdir -p 'photos/in a box'
	for i in 1 2 3 4; do
		echo $i >"photos/in a box/no $i.jpg"
	done
	echo 5 >photos/5.jpg
	: >photos/6.png
	cook 0 3
	at_most "$(getconf _NPROCESSORS_ONLN)" convert
	[ "$(cat small/*)" = "$(printf '5\n1\n2\n3\n4')" ]
}

recipe_4() {
	mkdir logs
	for i in 1 2 3 4 5; do
		seq 100 >"logs/old $i.log"
		touch -d '9 days ago' "logs/old $i.log"
	done
	odd=$(printf 'logs/two\nlines.log')
	seq 100 >"$odd"
	# On both sides of a week.
	touch -d "@$(($(date +%s) - 7 * 86400 - 3600))" "$odd"
	: >logs/new.log
	touch -d "@$(($(date +%s) - 7 * 86400 + 3600))" logs/new.log
	stub gzip <<-E
		begin gzip
		$(command -v gzip) "\$@"
		end
	E
	cook 0 4
	rm "$page_top/stubs/gzip"
	at_most 2 gzip
	[ -f logs/new.log ]
	[ -f "$odd.gz" ]
	set -- logs/*.gz
	[ $# = 6 ]
	gzip -t logs/*.gz
}

recipe_5() {
	stub ssh <<-'E'
		[ "$1 $2 $3 $5" = "-o BatchMode=yes -- uptime" ] || exit 2
		begin ssh
		end
		[ $4 = down.example ] && echo no route >&2 && exit 255
		echo up 3 days
		echo load 0.5
	E
	printf '%s\n' one.example down.example two.example -oProxyCommand=x >hosts
	cook 123 5
	at_most 20 ssh
	printf '%s\t%s\n' one.example 'up 3 days' one.example 'load 0.5' \
		two.example 'up 3 days' two.example 'load 0.5' \
		-oProxyCommand=x 'up 3 days' -oProxyCommand=x 'load 0.5' | cmp - out
	grep 'down.example.no route' err
	grep 'hosts: line 2: exit status 255: ssh' err
}

recipe_6() {
	mkdir tests
	for i in 1 2 3 4 5; do
		echo "echo begin $i \$BPOOL_SLOT; sleep 0.0$((6 - i)); echo end $i" >tests/$i.sh
	done
	cook 0 6
	cut -d ' ' -f 1,2 out >order
	for i in 1 2 3 4 5; do
		printf 'begin %s\nend %s\n' $i $i
	done | cmp - order
	echo 'echo broken; exit 3' >tests/3.sh
	cook 123 6
	grep 'exit status 3: sh tests/3.sh' err
	grep '5 jobs, 1 failed' err
	[ "$(sed -n 5p out)" = broken ]
}

recipe_7() {
	stub pg_dump <<-'E'
		begin pg_dump
		[ "$1 $2" = "-Fc -f" ] && echo "$4" >"$3" && [ $4 != broken ]
		status=$?
		end
		exit $status
	E
	# Two cron jobs at the same time.
	mkdir night dumps
	echo yesterday >dumps/broken.dump
	printf '%s\n' a b c d e broken >databases
	printf '%s\n' f g h i j >night/databases
	(cd night && sed "s/=dumps=/=$shared=/" ../../7.sh >recipe && sh recipe) &
	other=$!
	cook 123 7 "s/=dumps=/=$shared=/"
	wait $other
	at_most 2 pg_dump
	[ "$(cat dumps/?.dump night/dumps/*.dump | tr -d '\n')" = abcdefghij ]
	[ "$(cat dumps/broken.dump)" = yesterday ]
}

recipe_8() {
	cat >backup <<-'E'
		#!/bin/sh
		echo + >>"$busy/backup"
		sleep 0.2
		echo - >>"$busy/backup"
		exit 5
	E
	chmod +x backup
	sed "s/=backup /=$shared.b /" ../8.sh >other
	sh other &
	first=$!
	sh other &
	second=$!
	cook 5 8 "s/=backup /=$shared.b /"
	rc=0
	wait $first || rc=$?
	[ $rc = 5 ]
	rc=0
	wait $second || rc=$?
	[ $rc = 5 ]
	at_most 1 backup
	[ "$(grep -c + "$busy/backup")" = 3 ]
}

recipe_9() {
	# Four meet, so there are as many, and not three of which each goes on alone.
	export met=$PWD/met
	stub compiler <<-'E'
		begin compiler
		: >"$met/$$"
		timeout 60 sh -c 'until [ "$(ls "$met" | wc -l)" -ge 4 ]; do sleep 0.02; done' || exit
		: >"$1"
		end
	E
	mkdir met lib tools docs
	for d in lib tools docs; do
		printf 'all: a b c d e f\na b c d e f:\n\tcompiler $@\n' >$d/Makefile
	done
	cook 0 9
	at_most 4 compiler
	[ "$(ls lib tools docs | grep -cx '[a-f]')" = 18 ]
}

recipe_10() {
	stub aws <<-'E'
		begin aws
		end
		[ "$1 $2" = "s3 cp" ] || exit 2
		case $3 in
		*reset*) [ $BPOOL_ATTEMPT = 3 ] || exit 1 ;;
		*wrong*) echo "$BPOOL_ATTEMPT" >>wrong; exit 2 ;;
		esac
		echo "$4" >>arrived
	E
	mkdir outbox
	odd=$(printf 'outbox/two\nlines')
	touch outbox/1 outbox/2 outbox/reset outbox/wrong "$odd"
	cook 123 10 's/1s\.\.1m/10ms..1m/'
	at_most 4 aws
	sort arrived >sorted
	printf '%s\n' lines s3://backup/outbox/1 s3://backup/outbox/2 \
		s3://backup/outbox/reset s3://backup/outbox/two | cmp - sorted
	[ "$(cat wrong)" = 1 ]
	grep 'exit status 2: aws s3 cp outbox/wrong' err
}

recipe_11() {
	printf '%s\n' name,mail 'Ann Other,ann@example.org' '$(reboot),a;b@example.org' >people.csv
	cook 0 11
	printf '%s\n' 'ann@example.org <Ann Other>' 'a;b@example.org <$(reboot)>' | cmp - out
}

recipe_12() {
	mkdir -p tree/a tree/b
	for i in $(seq 250); do
		echo $i >tree/a/$i
	done
	echo x >'tree/b/two words'
	cook 0 12
	[ "$(wc -l <SHA256SUMS)" = 251 ]
	find tree -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | cmp - SHA256SUMS
	echo other >tree/a/7
	rc=0
	sha256sum --quiet -c SHA256SUMS >changed 2>&1 || rc=$?
	[ $rc = 1 ]
	grep '^tree/a/7: FAILED' changed
}

recipe_13() {
	seq 40 >work
	mkdir done
	cat >step <<-'E'
		#!/bin/sh
		echo + >>"$busy/step"
		sleep 0.3
		: >done/$1 || exit
		echo - >>"$busy/step"
	E
	chmod +x step
	cook 124 13 's/6h/1s/'
	[ "$(ls done | wc -l)" -lt 40 ]
	# Those that were stopped never said that they ended.
	at_most 4 step
	rm "$busy/step"
	before=$(sed 1d night.log | wc -l)
	cook 0 13
	at_most 4 step
	[ "$(grep -c + "$busy/step")" = $((40 - before)) ]
	[ "$(ls done | wc -l)" = 40 ]
	# What is done never runs again, before the log goes.
	cook 0 13
	[ "$(grep -c + "$busy/step")" = $((40 - before)) ]
	rm night.log
	printf '%s\n' 1 bad/2 >work
	cook 123 13
	[ "$(grep -c + "$busy/step")" = $((42 - before)) ]
}

recipe_14() {
	printf '%s\n' 'trap "touch stopped; exit 1" TERM; touch begun; sleep 250 & wait' \
		'until [ -e begun ]; do sleep 0.1; done; exit 7' 'touch never' >steps
	cook 7 14
	[ -e stopped ]
	[ ! -e never ]
	grep 'line 2: exit status 7' err
}

recipe_15() {
	stub ping <<-'E'
		begin ping
		end
		case $*: in
		'-c1 -W1 192.0.2.'[17]: | *.254:) exit 0 ;;
		esac
		exit 1
	E
	cook 0 15
	at_most 64 ping
	printf '192.0.2.%s\n' 1 7 254 | cmp - out
	[ ! -s err ]
	[ "$(grep -c + "$busy/ping")" = 254 ]
}

recipe_16() {
	seq 1000 >items
	mkdir done
	cat >process <<-'E'
		#!/bin/sh
		echo $1 >>$ran
		: >done/$1
		[ $1 != bad ] || exit 1
		# As a machine that goes down.
		[ $1 != 500 ] || [ -e down ] || { : >down; kill -KILL $PPID; }
	E
	chmod +x process
	export ran=first
	cook 137 16
	[ -e down ]
	[ "$(ls done | wc -l)" -lt 1000 ]
	before=$(sed 1d batch.log | wc -l)
	[ "$before" -gt 0 ]
	export ran=second
	cook 0 16
	[ "$(ls done | wc -l)" = 1000 ]
	[ "$(wc -l <second)" = $((1000 - before)) ]
	[ "$(sed 1d batch.log | cut -f 9 | sort -u | wc -l)" = 1000 ]
	# What failed is in the log.
	rm batch.log
	printf '%s\n' 1 bad >items
	export ran=failing
	cook 123 16
	cook 0 16
	[ "$(wc -l <failing)" = 2 ]
	cook 123 16 's/--resume /--resume-failed /'
	[ "$(sed -n 3,\$p failing)" = bad ]
}

compile() { # N
	# shellcheck disable=SC2046 # several words
	cc -o program ../$1.c $(pkg-config --cflags --libs boundpool)
}

serve() { # PROGRAM CLIENTS
	"$1" >port &
	server=$!
	trap 'kill $server' EXIT
	read -r port <port
	python3 "$2" "$port"
	kill $server
	wait $server || :
	trap - EXIT
}

recipe_17() {
	compile 17
	cat >clients.py <<-'E'
		import re, socket, sys, threading

		def ask(tenant, text):
		    with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as s:
		        s.settimeout(120)
		        s.sendall(f"{tenant} {text}\n".encode())
		        answers.append((tenant, s.makefile().read()))

		# More each time, should this machine be too slow for the first to meet.
		for n in 20, 40, 80, 160, 320:
		    answers = []
		    threads = [threading.Thread(target=ask, args=("big", f"job {i}"))
		               for i in range(n)]
		    threads.append(threading.Thread(target=ask, args=("small", "the only one")))
		    for t in threads:
		        t.start()
		    for t in threads:
		        t.join()
		    assert len(answers) == n + 1, answers
		    assert ("small", "small: the only one (1 of yours at once)\n") in answers, answers
		    served = [a for t, a in answers if t == "big" and a.startswith("big: job ")]
		    refused = [a for t, a in answers if a == "429 come back later\n"]
		    assert len(served) + len(refused) == n, answers
		    assert len(served) >= 4, answers
		    for a in served:
		        assert re.fullmatch(r"big: job \d+ \([12] of yours at once\)\n", a), a
		    if refused:
		        break
		assert refused
	E
	# One tenant opens more connections than may be in flight, and says something once
	# all are there; those of the others among them are served.
	cat >crowd.py <<-'E'
		import socket, sys

		def connect():
		    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
		    s.settimeout(120)
		    return s

		# Again, for by chance all get in.
		for again in range(5):
		    big, small = [], []
		    for i in range(90):
		        if 10 <= i < 42 and i % 2:
		            small.append(connect())
		            small[-1].sendall(f"small{i} hello\n".encode())
		        else:
		            big.append(connect())
		    for s in big:
		        s.sendall(b"big hello\n")
		    answers = [s.makefile().read() for s in small]
		    assert len(answers) == 16
		    assert all(a.endswith("hello (1 of yours at once)\n") for a in answers), answers
	E
	mkfifo port
	serve ./program clients.py
	# Fewer in flight, so that a crowd is not so many, and fits the backlog.
	sed 's/= 256/= 48/; s/= 64/= 8/' ../17.c >../crowd.c
	compile crowd
	serve ./program crowd.py
}

recipe_18() {
	compile 18
	for i in 1 2 3 4 5; do
		seq 1000 >f$i
	done
	printf '%s\n' f1 f2 f3 f4 f5 missing | {
		rc=0
		./program >out 2>err || rc=$?
		[ $rc = 1 ]
	}
	echo "$((5 * $(wc -c <f1))) bytes in 5 files, 1 failed" | cmp - out
	grep 'files: missing: No such file' err
	# A list a hundred times as long needs no more memory.
	cat >peak.py <<-'E'
		import resource, subprocess, sys

		peaks = []
		for n in 300, 30000:
		    subprocess.run("./program", input="f1\n" * n, text=True, check=True,
		                   stdout=subprocess.DEVNULL)
		    peaks.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
		print(peaks)
		assert len(sys.argv) > 1 or peaks[1] - peaks[0] < 2048, peaks
	E
	python3 peak.py ${SAN:+sanitized}
}

failed=0
read -r recipes <recipes
[ "$recipes" = 18 ] || failed=1
n=1
while [ $n -le "$recipes" ]; do
	mkdir $n
	(
		set -eu
		cd $n
		recipe_$n
	) >log 2>&1
	status=$?
	[ $status = 0 ] || {
		echo "cookbook: recipe $n: $(sed -n "s/^## $n\. //p" "$SRC/docs/cookbook.md")" >&2
		cat log >&2
		failed=1
	}
	n=$((n + 1))
done
exit $failed
