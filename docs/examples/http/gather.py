#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Many HTTP requests, by asyncio and aiohttp, as get.c makes them by boundpool:

    gather.py [-s SEMAPHORE] [-n REQUESTS] PORT

Sends REQUESTS (default 200) GET requests to 127.0.0.1:PORT, a task each, all at
once or as many at a time as an asyncio.Semaphore lets through, and prints how
many were answered with 200 and with 429.  Exits with 1 unless all were 200.
"""

import argparse
import asyncio
import contextlib
import sys

import aiohttp


async def get(session, bound, url):
    async with bound, session.get(url) as answer:
        await answer.read()
        return answer.status


async def get_all(port, requests, semaphore):
    bound = contextlib.nullcontext()
    if semaphore:
        bound = asyncio.Semaphore(semaphore)
    # Without this aiohttp has a bound of its own, 100 connections.
    connector = aiohttp.TCPConnector(limit=0)
    url = f"http://127.0.0.1:{port}/"
    async with aiohttp.ClientSession(connector=connector) as session:
        return await asyncio.gather(
            *(get(session, bound, url) for _ in range(requests)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-s", type=int, metavar="SEMAPHORE")
    parser.add_argument("-n", type=int, metavar="REQUESTS", default=200)
    parser.add_argument("port", type=int)
    args = parser.parse_args()
    statuses = asyncio.run(get_all(args.port, args.n, args.s))
    good = statuses.count(200)
    print(f"200: {good}, 429: {statuses.count(429)}")
    sys.exit(good != args.n)


if __name__ == "__main__":
    main()
