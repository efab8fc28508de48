# SPDX-License-Identifier: MIT
"""A server, and a client that is measured: what compare.py is made of.

Knows /proc and nothing of what is compared.
"""

import json
import os
import random
import select
import subprocess
import sys
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLE_MS = 20
SAMPLE_PROCESSES = 8  # looked at below a process each time, at random


class Failure(Exception):
    """Something that a row of the table cannot do without."""


# ---- The server -------------------------------------------------------------


class Server:
    def __init__(self, gate, hold_ms, life_s):
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "server.py"), str(gate),
             str(hold_ms), str(life_s)], stdout=subprocess.PIPE)

    def __enter__(self):
        try:
            line = self.process.stdout.readline()
            if not line:
                raise Failure("the server does not start")
            self.port = int(line)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stats(self):
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        url = f"http://127.0.0.1:{self.port}/stats"
        try:
            with direct.open(url, timeout=60) as answer:
                return json.load(answer)
        except OSError as error:
            raise Failure(f"the server does not answer: {error}") from None


# ---- A client and what it takes ---------------------------------------------


def high_water_kib(pid):
    """VmHWM, or 0 where the process has gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii",
                  errors="replace") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def children(pid):
    """Some of a process's."""
    found = []
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
        for task in random.sample(tasks, min(len(tasks), SAMPLE_PROCESSES)):
            path = f"/proc/{pid}/task/{task}/children"
            with open(path, encoding="ascii") as text:
                found += text.read().split()
    except OSError:
        pass
    return random.sample(found, min(len(found), SAMPLE_PROCESSES))


class Memory:
    """The most of the client, and of the largest process below it."""

    def __init__(self, pid):
        self.pid = pid
        self.client_kib = 0
        self.job_kib = 0

    def look(self):
        self.client_kib = max(self.client_kib, high_water_kib(self.pid))
        self.look_below(self.pid, 3)

    def look_below(self, pid, depth):
        for child in children(pid) if depth else []:
            # One that is about to become a command has its parent's memory,
            # and is its parent's program.
            if self.program(child) not in (None, self.program(pid)):
                self.job_kib = max(self.job_kib, high_water_kib(child))
            self.look_below(child, depth - 1)

    @staticmethod
    def program(pid):
        try:
            return os.readlink(f"/proc/{pid}/exe")
        except OSError:
            return None


def stop(process):
    """bpool stops its commands when it is asked to."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def client_run(command, lines, err, guard_s):
    """Returns its status, seconds, rusage and Memory."""
    since = time.monotonic()
    process = subprocess.Popen(command, stdin=lines, stderr=err,
                               stdout=subprocess.DEVNULL)
    try:
        memory = Memory(process.pid)
        end = select.poll()
        pidfd = os.pidfd_open(process.pid)
        end.register(pidfd, select.POLLIN)
        memory.look()
        while not end.poll(SAMPLE_MS):
            memory.look()
            if time.monotonic() - since > guard_s:
                raise Failure(f"not done after {guard_s} s")
        wall_s = time.monotonic() - since
        os.close(pidfd)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        if process.returncode is None:
            stop(process)
    return process.returncode, wall_s, usage, memory
