#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A small HTTP server that takes five requests at a time and no more.

    server.py [GATE]

Listens on a free port of 127.0.0.1 and prints its number.  A request that
comes while five others are in flight is answered with 429, every other one
with 200 after 20 ms.  /stats answers at once, and is counted nowhere:
"peak" is the most that were in flight at the same time, those with a 429 to
come included.

The first requests are held until GATE of them have come (default 5; 30 s at
the longest).  With it a client that keeps five in flight has five in flight
for certain, and with a GATE of six the sixth is refused for certain, however
slow the machine.

It ends by itself after ten minutes, should nobody stop it.
"""

import json
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LIMIT = 5
HOLD_S = 0.02
GATE_S = 30
LIFE_S = 600


class Counts:
    """How many are in flight, and how many there were."""

    def __init__(self, gate):
        self.changed = threading.Condition()
        self.gate = gate
        self.come = 0
        self.in_flight = 0
        self.peak = 0
        self.served = 0
        self.refused = 0

    def enter(self):
        """A request has come.  True if it is to be served."""
        with self.changed:
            self.come += 1
            self.in_flight += 1
            self.peak = max(self.peak, self.in_flight)
            self.changed.notify_all()
            return self.in_flight <= LIMIT

    def hold(self):
        with self.changed:
            self.changed.wait_for(lambda: self.come >= self.gate, GATE_S)
        time.sleep(HOLD_S)

    def leave(self, served):
        """To be called before the answer is sent: then the client cannot
        come with its next request while this one is still counted."""
        with self.changed:
            self.in_flight -= 1
            self.served += served
            self.refused += not served

    def stats(self):
        with self.changed:
            return {
                "peak": self.peak,
                "served": self.served,
                "refused": self.refused,
            }


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        counts = self.server.counts
        if self.path == "/stats":
            self.answer(200, json.dumps(counts.stats()))
            return
        served = counts.enter()
        if served:
            counts.hold()
        counts.leave(served)
        if served:
            self.answer(200, "here you are")
        else:
            self.answer(429, "too many requests")

    def answer(self, status, text):
        body = text.encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


def main():
    gate = int(sys.argv[1]) if len(sys.argv) > 1 else LIMIT
    signal.alarm(LIFE_S)
    server = Server(("127.0.0.1", 0), Handler)
    server.counts = Counts(gate)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
