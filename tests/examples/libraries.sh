# SPDX-License-Identifier: MIT
# The examples with libcurl, SQLite and zlib, those that were built: each against what
# the library's own tool, or the sum, says.
set -eu
[ -z "${SAN-}" ] || { echo 'not under sanitizers: the libraries are not'; exit 77; }
case ${CC-} in
*musl*) echo 'the libraries are for another libc'; exit 77 ;;
esac
bin=$BUILD/examples
tried=0

if [ -x "$bin/zlib-pack" ]; then
	tried=$((tried + 1))
	# Empty, short, as long as blocks are, and more of them than there is room for.
	for size in 0 1 1048576 40000001; do
		head -c $size /dev/zero | tr '\0' x >plain
		"$bin/zlib-pack" <plain >packed
		gzip -dc packed | cmp - plain
	done
	rc=0
	"$bin/zlib-pack" <plain >/dev/full 2>err || rc=$?
	[ $rc = 1 ]
	grep '^zlib-pack: ' err
fi

if [ -x "$bin/sqlite-count" ]; then
	tried=$((tried + 1))
	python3 - <<-'P'
	import sqlite3
	db = sqlite3.connect("visits.db")
	db.execute("create table visits(page text)")
	db.executemany("insert into visits values(?)", [("page %d" % (i % 7),) for i in range(100)])
	db.commit()
	P
	set --
	for i in 0 1 2 3 4 5 6 7; do
		set -- "$@" "page $i"
	done
	"$bin/sqlite-count" visits.db 'SELECT count(*) FROM visits WHERE page = ?' "$@" >out
	printf 'page %s\n' '0 15' '1 15' '2 14' '3 14' '4 14' '5 14' '6 14' '7 0' | cmp - out
	rc=0
	"$bin/sqlite-count" visits.db 'SELECT none FROM visits' x 2>err || rc=$?
	[ $rc = 1 ]
	grep 'no such column: none' err
	# One that cannot be answered does not silence the others.
	rc=0
	"$bin/sqlite-count" visits.db \
		'SELECT count(*) FROM visits WHERE page = CASE length(?1)
			WHEN 0 THEN abs(-9223372036854775808) ELSE ?1 END' \
		'page 0' '' 'page 2' >out 2>err || rc=$?
	[ $rc = 1 ]
	printf 'page %s\n' '0 15' '2 14' | cmp - out
	grep '^: integer overflow$' err
fi

if [ -x "$bin/curl-get" ]; then
	tried=$((tried + 1))
	# It answers 429 once to each path, and says when to come again.
	cat >server.py <<-'P'
	import collections, http.server, threading
	lock, now, peak = threading.Lock(), 0, 0
	seen = collections.Counter()
	class Handler(http.server.BaseHTTPRequestHandler):
	    protocol_version = "HTTP/1.1"
	    def do_GET(self):
	        global now, peak
	        with lock:
	            now += 1
	            peak = max(peak, now)
	            seen[self.path] += 1
	            refused = seen[self.path] == 1 and self.path.startswith("/busy")
	            again = self.path == "/broken" and seen[self.path] == 1
	        body = b"x" * 1000
	        if self.path == "/peak":
	            body = b"%d" % peak
	        if self.path == "/none?":
	            body = b"%d" % seen["/none"]
	        self.send_response(429 if refused else 404 if self.path == "/none" else
	                           500 if again else 200)
	        if refused:
	            self.send_header("Retry-After", "1")
	        self.send_header("Content-Length", str(len(body)))
	        self.end_headers()
	        with lock:
	            now -= 1
	        self.wfile.write(body)
	    def log_message(self, *args):
	        pass
	server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
	print(server.server_address[1], flush=True)
	server.serve_forever()
	P
	python3 server.py >port &
	server=$!
	trap 'kill $server' EXIT
	until [ -s port ]; do sleep 0.05; done
	at=http://127.0.0.1:$(cat port)
	set --
	for i in 1 2 3 4 5 6 7 8; do
		set -- "$@" "$at/page$i"
	done
	"$bin/curl-get" "$@" "$at/busy" >out
	printf "200 1000 $at/%s\n" page1 page2 page3 page4 page5 page6 page7 page8 busy |
		cmp - out
	[ "$(curl -s "$at/peak")" -le 3 ]
	rc=0
	"$bin/curl-get" "$at/none" "$at/page1" >out || rc=$?
	[ $rc = 1 ]
	printf "%s 1000 $at/%s\n" 404 none 200 page1 | cmp - out
	# What is not there is asked for once, and what may be there later again.
	[ "$(curl -s "$at/none?")" = 1 ]
	"$bin/curl-get" "$at/broken" >out
	echo "200 1000 $at/broken" | cmp - out
fi
[ $tried -gt 0 ] || { echo 'no libcurl, sqlite3 or zlib'; exit 77; }
echo "$tried tried"
