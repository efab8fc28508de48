#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A small HTTP server that takes five requests at a time and no more.

    server.py [GATE [HOLD_MS [LIFE_S]]]

Listens on a free port of 127.0.0.1 and prints its number.  A request that
comes while five others are in flight is answered with 429, every other one
with 200 after HOLD_MS (default 20).  Each answer ends its connection.

/stats answers at once, and is counted nowhere.  "peak" is the most requests
that were read and not answered at the same time, those with a 429 to come
included; "held_ms" is how long a request was held in the mean, which is HOLD_MS
and what the machine adds.

The first requests are held until GATE of them have come (default 5; 30 s at
the longest).  With it a client that keeps five in flight has five in flight
for certain, and with a GATE of six the sixth is refused for certain, however
slow the machine.

It ends by itself after LIFE_S (default 600), should nobody stop it.  One
thread answers all, for a thread a connection would limit sooner than the five
do, and one keeps the time, since an event loop rounds it up to milliseconds.
"""

import asyncio
import json
import queue
import signal
import sys
import threading
import time

LIMIT = 5
HOLD_MS = 20
GATE_S = 30
LIFE_S = 600
BACKLOG = 4096  # the system may allow less
HEAD_MOST = 65536


class Service:
    """How many are in flight, how many there were, and who is held."""

    def __init__(self, loop, gate, hold_s):
        self.loop = loop
        self.gate = gate
        self.hold_s = hold_s
        self.gated = []  # the answers of those that wait for the gate
        self.held = queue.SimpleQueue()  # (when it came, its answer)
        self.come = 0
        self.in_flight = 0
        self.peak = 0
        self.served = 0
        self.refused = 0
        self.held_s = 0.0
        threading.Thread(target=self.keep_time, daemon=True).start()

    def enter(self):
        """A request has come.  True if it is to be served."""
        self.come += 1
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        if self.come == 1:
            self.loop.call_later(GATE_S, self.open)
        if self.come >= self.gate:
            self.open()
        return self.in_flight <= LIMIT

    def open(self):
        self.gate = 0
        gated, self.gated = self.gated, []
        for answer in gated:
            self.hold(answer)

    def hold(self, answer):
        """Call answer() when the gate is open and the time is over."""
        if self.come < self.gate:
            self.gated.append(answer)
        else:
            self.held.put((time.monotonic(), answer))

    def keep_time(self):
        """The other thread.  All are held for as long: first in, first out."""
        while True:
            since, answer = self.held.get()
            time.sleep(max(0, since + self.hold_s - time.monotonic()))
            self.loop.call_soon_threadsafe(self.release, since, answer)

    def release(self, since, answer):
        self.held_s += time.monotonic() - since
        answer()

    def leave(self, served):
        """To be called before the answer is sent: then the client cannot
        come with its next request while this one is still counted."""
        self.in_flight -= 1
        self.served += served
        self.refused += not served

    def stats(self):
        return {
            "peak": self.peak,
            "served": self.served,
            "refused": self.refused,
            "held_ms": 1e3 * self.held_s / max(1, self.served),
        }


class Connection(asyncio.Protocol):
    """One request, and what is left of HTTP without the rest."""

    def __init__(self, service):
        self.service = service
        self.head = b""
        self.asked = False

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        if self.asked:
            return
        self.head += data
        if b"\r\n\r\n" in self.head:
            self.asked = True
            self.request(self.head.split(b"\r\n", 1)[0].split())
        elif len(self.head) > HEAD_MOST:
            self.transport.abort()

    def eof_received(self):
        return True  # it may still want its answer

    def request(self, words):
        service = self.service
        if words[1:2] == [b"/stats"]:
            self.answer("200 OK", json.dumps(service.stats()))
        elif service.enter():
            service.hold(self.serve)
        else:
            # Not before all that have come by now are read and counted.
            service.loop.call_soon(self.refuse)

    def serve(self):
        self.service.leave(True)
        self.answer("200 OK", "here you are")

    def refuse(self):
        self.service.leave(False)
        self.answer("429 Too Many Requests", "too many requests")

    def answer(self, status, text):
        if self.transport.is_closing():
            return
        self.transport.write(
            f"HTTP/1.0 {status}\r\nContent-Type: text/plain\r\n"
            f"Content-Length: {len(text) + 1}\r\n\r\n{text}\n".encode())
        self.transport.close()


async def serve(gate, hold_s):
    loop = asyncio.get_running_loop()
    service = Service(loop, gate, hold_s)
    server = await loop.create_server(lambda: Connection(service),
                                      "127.0.0.1", 0, backlog=BACKLOG)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main():
    given = sys.argv[1:]
    gate = int(given[0]) if given else LIMIT
    hold_ms = float(given[1]) if len(given) > 1 else HOLD_MS
    signal.alarm(int(given[2]) if len(given) > 2 else LIFE_S)
    asyncio.run(serve(gate, hold_ms / 1e3))


if __name__ == "__main__":
    main()
