# SPDX-License-Identifier: MIT
"""python.py executor|asyncio WORK [OPTION...]: as work.c, of Python's own pools.

executor is ThreadPoolExecutor, asyncio a task for each job and one Semaphore:
neither has a bound of what has been submitted, so --capacity does nothing.
"""
import argparse
import asyncio
import concurrent.futures
import resource
import sys
import threading
import time


def now():
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


def cpu():
    return time.clock_gettime_ns(time.CLOCK_PROCESS_CPUTIME_ID)


def peak_kib():
    """As in work.c."""
    with open("/proc/self/status") as file:
        return next(line.split()[1] for line in file if line.startswith("VmHWM:"))


class Executor:
    def __init__(self, options):
        self.options = options

    def job(self, i):
        kind = self.options.work
        if kind == "busy":
            until = now() + self.options.ns
            while now() < until:
                pass
        elif kind == "sleep":
            time.sleep(self.options.ns / 1e9)
            return now()
        elif kind == "gather":
            return 2 * i
        return None

    def run(self):
        jobs, n = range(self.options.jobs), self.options.producers
        with concurrent.futures.ThreadPoolExecutor(self.options.workers) as pool:
            since = now()
            if self.options.work == "gather":
                assert list(pool.map(self.job, jobs)) == [2 * i for i in jobs]
                return since, now()
            futures = [[] for _ in range(n)]

            def submit(share):
                for i in jobs[share::n]:
                    futures[share].append(pool.submit(self.job, i))

            threads = [threading.Thread(target=submit, args=(i,)) for i in range(n)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            ends = [future.result() for share in futures for future in share]
        return since, max(ends) if self.options.work == "sleep" else now()

    def idle(self, sample):
        ran = threading.Semaphore(0)
        at = 0

        def job():
            nonlocal at
            at = now()
            ran.release()

        with concurrent.futures.ThreadPoolExecutor(self.options.workers) as pool:
            for _ in range(self.options.jobs):
                time.sleep(200e-6)
                since = now()
                pool.submit(job)
                ran.acquire()
                sample.append(at - since)


class Asyncio:
    def __init__(self, options):
        self.options = options
        self.semaphore = asyncio.Semaphore(options.workers)

    async def job(self, i):
        async with self.semaphore:
            if self.options.work == "busy":
                until = now() + self.options.ns
                while now() < until:
                    pass
            elif self.options.work == "sleep":
                await asyncio.sleep(self.options.ns / 1e9)
            elif self.options.work == "gather":
                return 2 * i
        return None

    async def all(self):
        since = now()
        results = await asyncio.gather(
            *(self.job(i) for i in range(self.options.jobs)))
        if self.options.work == "gather":
            assert results == [2 * i for i in range(self.options.jobs)]
        return since, now()

    def run(self):
        return asyncio.run(self.all())

    def idle(self, sample):
        async def one():
            for _ in range(self.options.jobs):
                at = asyncio.get_running_loop().create_future()

                async def job(at=at):
                    at.set_result(now())

                await asyncio.sleep(200e-6)
                since = now()
                task = asyncio.create_task(job())
                sample.append(await at - since)
                await task

        asyncio.run(one())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", choices=["executor", "asyncio"])
    parser.add_argument("work")
    for name in "workers", "producers", "jobs":
        parser.add_argument("--" + name, type=int, default=1)
    for name in "capacity", "ns":
        parser.add_argument("--" + name, type=int, default=0)
    options = parser.parse_args()
    if options.work == "make" or (
            options.peer == "asyncio" and options.producers > 1):
        sys.exit(3)
    peer = {"executor": Executor, "asyncio": Asyncio}[options.peer](options)
    before, cpu_before, sample = resource.getrusage(resource.RUSAGE_SELF), cpu(), []
    if options.work == "idle":
        since = now()
        peer.idle(sample)
        until = now()
    else:
        since, until = peer.run()
    after = resource.getrusage(resource.RUSAGE_SELF)
    sample.sort()
    print(until - since, cpu() - cpu_before, after.ru_nvcsw - before.ru_nvcsw,
          after.ru_nivcsw - before.ru_nivcsw, peak_kib(),
          sample[len(sample) // 2] if sample else 0,
          sample[len(sample) * 99 // 100] if sample else 0)


main()
