#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Many requests to a server that takes five at a time: who does what to it?

    compare.py [--requests N] [--rounds N] [--hold MS] [--rows GROUP,...]
               [--many] [--many-requests N] [--many-hold MS]

Has the library (get.c), the command (bpool with curl) and Python (gather.py,
by asyncio and aiohttp) send N requests (default 1000) to server.py, each
client to a server of its own, and prints a table: the medians of all rounds
(default 3) and, for times, the least and the most.  GROUP is "library",
"command" or "python", and all are run without --rows.  --many does the same
with 100000 requests, once and by two clients.

What the server did is counted by the server.  The CPU time is the kernel's
count for the client and all that it started; the memory is VmHWM, looked at
every 20 ms.  For Linux; after make all build/examples/http-get, with BUILD as
the build directory (default: build).

Exits with 1 if a row is missing, or a client did not do what it should: exit
with 0 and have all served, or, where requests were refused and it does not try
again, fail.
"""

import argparse
import collections
import importlib.util
import os
import platform
import shlex
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import textwrap

sys.dont_write_bytecode = True  # the source tree is not for that
from client import Failure, Server, client_run  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
AT_ONCE = 5  # what server.py takes
RATE_SHARE = 0.8  # of what it could do in a second
LIBRARY_MOST = 1024  # get.c's -j
COMMAND_MOST = 65536  # bpool's -j
GUARD_S = 600  # and ten times the ideal: then a client is stopped
FEWER = "jobs at once instead of"  # bpool, where the limits are too low

# `gate`: see server.py.  `refused_fails`: being refused is not tried again.
Row = collections.namedtuple(
    "Row", "group title command gate refused_fails needs")
Load = collections.namedtuple("Load", "requests hold_ms rounds")
Figures = collections.namedtuple(
    "Figures", "refused served peak wall_s cpu_us rss_mib job_rss_mib status"
    " held_ms remark")


# ---- The rows ---------------------------------------------------------------


def missing_program(name):
    path = shutil.which(name)
    return None if path else f"there is no {name}"


def missing_aiohttp():
    if importlib.util.find_spec("aiohttp"):
        return None
    return "this Python has no aiohttp (Debian: python3-aiohttp)"


def nothing_missing():
    return None


def rate_of(load):
    return max(1, int(RATE_SHARE * AT_ONCE * 1000 / load.hold_ms))


def library_row(build, title, gate, fails, *options):
    command = [os.path.join(build, "examples", "http-get"), *options]
    return Row("library", title, lambda port: [*command, str(port)], gate,
               fails, nothing_missing)


def command_row(build, title, gate, fails, options, tail):
    command = [os.path.join(build, "bpool"), *options]
    return Row("command", title,
               lambda port: command + [word.format(port=port) for word in tail],
               gate, fails, lambda: missing_program("curl"))


def python_row(title, gate, fails, *options):
    command = [sys.executable, os.path.join(HERE, "gather.py"), *options]
    return Row("python", title, lambda port: [*command, str(port)], gate,
               fails, missing_aiohttp)


def rows_of(load, build):
    """All of a thousand requests, say."""
    n = str(load.requests)
    rate = str(rate_of(load))
    most = str(min(load.requests, LIBRARY_MOST))
    most_jobs = str(min(load.requests, COMMAND_MOST))
    url = "http://127.0.0.1:{port}/{{}}"
    curl = ["curl", "-sSf", "--noproxy", "*", "-o", "/dev/null", url]
    again = [os.path.join(HERE, "bpool-curl").replace("{", "{{"), url,
             "/dev/null", "--noproxy", "*"]
    return [
        library_row(build, f"-j{most}: all at once", 6, True,
                    "-n", n, "-j", most),
        library_row(build, "-j5", AT_ONCE, True, "-n", n, "-j5"),
        library_row(build, "-j auto, tried again", 1, False,
                    "-n", n, "-j", "auto"),
        library_row(build, f"-j64 -r {rate}, tried again", 1, False,
                    "-n", n, "-j64", "-r", rate),
        command_row(build, f"-j{most_jobs} curl: all at once", 6, True,
                    [f"-j{most_jobs}"], curl),
        command_row(build, "-j5 curl", AT_ONCE, True, ["-j5"], curl),
        command_row(build, "-j auto:64 --retries 5 bpool-curl", 1, False,
                    ["-jauto:64", "--retries", "5"], again),
        command_row(build, f"-j64 --rate {rate}/s --retries 5 bpool-curl", 1,
                    False, ["-j64", "--rate", f"{rate}/s", "--retries", "5"],
                    again),
        python_row("gather: all at once", 6, True, "-n", n),
        python_row("gather, Semaphore(5)", AT_ONCE, True, "-n", n, "-s5"),
    ]


def many_rows_of(load, build):
    n = str(load.requests)
    return [
        library_row(build, "-j5", AT_ONCE, True, "-n", n, "-j5"),
        python_row("gather, Semaphore(5)", AT_ONCE, True, "-n", n, "-s5"),
    ]


# ---- One run ----------------------------------------------------------------


def ideal_s(load):
    return load.requests / AT_ONCE * load.hold_ms / 1000


def row_run(row, load):
    """Once, against a new server.  Returns Figures."""
    guard_s = int(GUARD_S + 10 * ideal_s(load))
    with tempfile.TemporaryFile("w+") as lines, \
            tempfile.TemporaryFile("w+", errors="replace") as err, \
            Server(row.gate, load.hold_ms, guard_s + 60) as server:
        lines.writelines(f"{i}\n" for i in range(load.requests))
        lines.seek(0)
        status, wall_s, usage, memory = client_run(
            row.command(server.port), lines, err, guard_s)
        stats = server.stats()
        err.seek(0)
        said = err.read().splitlines()
    cpu_s = usage.ru_utime + usage.ru_stime
    figures = Figures(
        stats["refused"], stats["served"], stats["peak"], wall_s,
        1e6 * cpu_s / load.requests, memory.client_kib / 1024,
        memory.job_kib / 1024, status, stats["held_ms"],
        next((line for line in said if FEWER in line), None))
    judge(row, load, figures, said)
    return figures


def judge(row, load, figures, said):
    """Raise Failure unless the client did what it should."""
    refused = row.refused_fails and figures.refused > 0
    fails = 123 if row.group == "command" else 1
    asked = figures.served + figures.refused
    if figures.status != (fails if refused else 0):
        why = f"exit status {figures.status}"
    elif refused and asked != load.requests:
        why = f"{asked} of {load.requests} requests came"
    elif not refused and figures.served < load.requests:
        why = f"{figures.served} of {load.requests} requests were served"
    else:
        return
    raise Failure(": ".join([why, *said[-1:]]))


# ---- The table --------------------------------------------------------------

HEAD = ("", "refused", "served", "peak", "wall s", "from..to", "/ideal",
        "CPU us", "from..to", "MiB", "job MiB", "exit")


def spread(values, digits):
    if len(values) == 1:
        return "-"
    return f"{min(values):.{digits}f}..{max(values):.{digits}f}"


def memory_of_jobs(row, mib):
    """The other clients start none, and some kernels do not say who did."""
    if row.group != "command":
        return "-"
    return f"{mib:.1f}" if mib else "?"


def cells(row, load, runs):
    """One line of the table; `runs` is a list of Figures."""
    each = Figures(*zip(*runs))
    middle = statistics.median
    wall_s, job_mib = middle(each.wall_s), middle(each.job_rss_mib)
    return (
        f"{row.group}  {row.title}",
        f"{middle(each.refused):.0f}",
        f"{middle(each.served):.0f}",
        f"{middle(each.peak):.0f}",
        f"{wall_s:.2f}", spread(each.wall_s, 2),
        f"{wall_s / ideal_s(load):.2f}",
        f"{middle(each.cpu_us):.0f}", spread(each.cpu_us, 0),
        f"{middle(each.rss_mib):.1f}",
        memory_of_jobs(row, job_mib),
        ",".join(str(status) for status in sorted(set(each.status))))


def table_print(lines):
    widths = [max(map(len, column)) for column in zip(*lines)]
    for line in lines:
        text = [line[0].ljust(widths[0])]
        text += [cell.rjust(width)
                 for cell, width in zip(line[1:], widths[1:])]
        print("  ".join(text).rstrip())
    print(flush=True)


class Comparison:
    def __init__(self):
        self.complaints = []
        self.held_ms = []

    def complain(self, what):
        self.complaints.append(what)
        print(f"compare.py: {what}", file=sys.stderr, flush=True)

    def runnable(self, row):
        why = row.needs()
        if why:
            self.complain(f"{row.group} {row.title}: skipped: {why}")
        return not why

    def table(self, rows, load):
        """Each round runs every row, so that what else the machine does
        strikes all alike."""
        rows = [row for row in rows if self.runnable(row)]
        runs = {row: [] for row in rows}
        for number in range(load.rounds):
            for row in rows:
                try:
                    runs[row].append(row_run(row, load))
                except (Failure, OSError) as error:
                    self.complain(f"{row.group} {row.title}: "
                                  f"round {number + 1}: {error}")
        print(f"{load.requests} requests, held for {load.hold_ms:g} ms: "
              f"ideal {ideal_s(load):.2f} s; rounds: {load.rounds}\n")
        table_print([HEAD] + [cells(row, load, runs[row])
                              for row in rows if runs[row]])
        remarks = {f"{row.group}  {row.title}: {figures.remark}"
                   for row in rows for figures in runs[row] if figures.remark}
        for remark in sorted(remarks):
            print(remark, end="\n\n")
        self.held_ms += [
            (load.hold_ms, figures.held_ms) for row in rows
            for figures in runs[row] if not figures.refused]


# ---- All of it --------------------------------------------------------------

NOTES = """\
refused, served and peak are counted by the server; peak is the most requests
that it had read and not answered.  /ideal is the wall time over requests / 5
times the time that each is held.  A client that is refused and gives up ends
early: its times say nothing about speed.  The wall time has the client's start
in it, and so has CPU us, the CPU time a request of the client with all that it
started.  MiB is the peak memory of the client itself, job MiB that of the
largest process that it started.

The command starts curl for each request, or a shell that starts curl and a few
more.  Where the CPUs are not enough for that, they limit and not the server.

The server can do {full:.0f} requests a second.  The rate is {share:.0f} % of
that: a request is in flight for a little longer than it is held, and at the
full rate one that is late would meet the next.  Who sets a rate has to know how
long the server takes, and where it takes longer the sixth comes; that is not so
with -j5.

Each request has a connection of its own, in all rows.  aiohttp's own bound of
100 connections is off.  gather has a task for each request, and so memory for
each; tasks that take requests from a queue would not.

"""
HELD = """\
Where it refused nobody, the server held a request for {mean:.1f} ms in the
mean, where it should be {hold} ms: what is above was lost in the server and its
machine.

"""


def prose(text):
    for paragraph in text.strip().split("\n\n"):
        print(textwrap.fill(" ".join(paragraph.split()), 80), end="\n\n")


def versions():
    texts = [f"{os.cpu_count()} CPUs", f"Python {platform.python_version()}"]
    if not missing_aiohttp():
        aiohttp = importlib.import_module("aiohttp")
        texts.append(f"aiohttp {aiohttp.__version__}")
    if not missing_program("curl"):
        curl = subprocess.run(["curl", "--version"], stdout=subprocess.PIPE,
                              encoding="utf-8", check=True)
        texts.append(" ".join(curl.stdout.split()[:2]))
    return ", ".join(texts)


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return value


def groups(text):
    names = text.split(",")
    if not set(names) <= {"library", "command", "python"}:
        raise argparse.ArgumentTypeError(
            f"{text}: neither library nor command nor python")
    return names


def arguments():
    parser = argparse.ArgumentParser(
        description="Many requests to a server that takes five at a time.")
    parser.add_argument("--requests", type=positive, default=1000)
    parser.add_argument("--rounds", type=positive, default=3)
    parser.add_argument("--hold", type=positive, default=20, metavar="MS")
    parser.add_argument("--rows", type=groups, metavar="GROUP,...",
                        default=["library", "command", "python"])
    # One round, and held for a shorter time, or it would take half an hour.
    parser.add_argument("--many", action="store_true")
    parser.add_argument("--many-requests", type=positive, default=100000)
    parser.add_argument("--many-hold", type=positive, default=5, metavar="MS")
    return parser.parse_args()


def main():
    args = arguments()
    build = os.path.abspath(os.environ.get("BUILD", "build"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print("$", shlex.join(["docs/examples/http/compare.py", *sys.argv[1:]]))
    print(versions(), end="\n\n", flush=True)
    comparison = Comparison()

    def compare(rows_of_load, load):
        comparison.table([row for row in rows_of_load(load, build)
                          if row.group in args.rows], load)

    load = Load(args.requests, args.hold, args.rounds)
    compare(rows_of, load)
    if args.many:
        compare(many_rows_of, Load(args.many_requests, args.many_hold, 1))
    prose(NOTES.format(full=AT_ONCE * 1000 / load.hold_ms,
                       share=100 * RATE_SHARE))
    for hold_ms in sorted({hold for hold, _ in comparison.held_ms}):
        held = [ms for hold, ms in comparison.held_ms if hold == hold_ms]
        prose(HELD.format(mean=statistics.median(held), hold=hold_ms))
    for what in comparison.complaints:
        print(f"MISSING: {what}")
    return 1 if comparison.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
