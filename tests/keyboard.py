# SPDX-License-Identifier: MIT
"""python3 keyboard.py COMMAND STEP ...

Run the shell command at a pseudo terminal, whose controlling process it is,
and do the steps, one after the other:

	file:NAME	wait until that file is there
	see:TEXT	wait until it has printed this, behind what was seen before
	type:TEXT	type this; \\n, \\x03 and the like are keys
	do:COMMAND	run a command of the shell elsewhere
	until:COMMAND	run it until it succeeds

Then wait for its end.  What it printed goes to stdout.  Exits as it did, with
128 and more after a signal; or with 99 where a step was not done in a minute.
"""
import codecs
import os
import pty
import select
import signal
import subprocess
import sys
import time

SECONDS = 60


class Terminal:
    def __init__(self, command):
        self.printed = b""
        self.seen = 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            os.execv("/bin/sh", ["sh", "-c", command])

    def read(self, seconds):
        """False: there is nothing more."""
        if select.select([self.fd], [], [], seconds)[0]:
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                data = b""
            self.printed += data
            return data != b""
        return True

    def wait(self, what, done):
        until = time.monotonic() + SECONDS
        while not done():
            if not self.read(0.01):
                time.sleep(0.01)
            if time.monotonic() > until:
                self.give_up(what)

    def see(self, text):
        at = self.printed.find(text, self.seen)
        if at >= 0:
            self.seen = at + len(text)
        return at >= 0

    def step(self, what):
        how, text = what.split(":", 1)
        if how == "file":
            self.wait(what, lambda: os.path.exists(text))
        elif how == "see":
            self.wait(what, lambda: self.see(text.encode()))
        elif how == "type":
            os.write(self.fd, codecs.decode(text, "unicode_escape").encode())
        elif how == "do":
            subprocess.check_call(["sh", "-c", text])
        elif how == "until":
            self.wait(what, lambda: subprocess.call(["sh", "-c", text]) == 0)
        else:
            self.give_up(what)

    def end(self):
        until = time.monotonic() + SECONDS
        while True:
            more = self.read(0.01)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                while more and select.select([self.fd], [], [], 0)[0]:
                    more = self.read(0)
                return status
            if time.monotonic() > until:
                self.give_up("end")
            if not more:
                time.sleep(0.01)

    def give_up(self, what):
        sys.stderr.buffer.write(self.printed)
        print("\nkeyboard.py: not done: %s" % what, file=sys.stderr)
        os.kill(self.pid, signal.SIGKILL)
        sys.exit(99)


def main():
    terminal = Terminal(sys.argv[1])
    for what in sys.argv[2:]:
        terminal.step(what)
    status = terminal.end()
    sys.stdout.buffer.write(terminal.printed)
    if os.WIFSIGNALED(status):
        sys.exit(128 + os.WTERMSIG(status))
    sys.exit(os.WEXITSTATUS(status))


main()
