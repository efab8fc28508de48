# SPDX-License-Identifier: MIT
"""Run a command with stderr (or both outputs) at a pseudo terminal.

    python3 terminal.py COLUMNS err|both COMMAND [ARGUMENT ...]

Writes what comes to the terminal to the file `bytes`, as it comes, what stands
on it at the end to `screen`, and stdout, where that is not the terminal, to
`out`.  TYPED of the environment is typed at it, and then ^D.  Exits with the
command's status.
"""
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios


def screen(data):
    """What a terminal shows: \\r, \\n, ESC [ K and J are all that is known."""
    lines, row, column = [[]], 0, 0
    for part in re.findall(r'\x1b\[[KJ]|\x1b\[[0-9;]*m|.', data, re.S):
        line = lines[row]
        if part in ('\x1b[K', '\x1b[J'):
            del line[column:]
            if part == '\x1b[J':
                del lines[row + 1:]
        elif part == '\r':
            column = 0
        elif part == '\n':
            row += 1
            if row == len(lines):
                lines.append([])
        elif not part.startswith('\x1b['):
            line.extend(' ' * (column - len(line)))
            line[column:column + 1] = [part]
            column += 1
    return '\n'.join(''.join(line) for line in lines)


def main():
    columns, which, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    ours, theirs = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ,
                struct.pack('HHHH', 24, columns, 0, 0))
    out = theirs if which == 'both' else open('out', 'wb')
    env = dict(os.environ, TERM='xterm')
    f = open('bytes', 'wb', buffering=0)  # before anybody may look at it
    child = subprocess.Popen(command, stdout=out, stderr=theirs, env=env)
    os.close(theirs)
    if 'TYPED' in os.environ:
        os.write(ours, os.environ['TYPED'].encode() + b'\n\x04')
    data = b''
    with f:
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            data += part
            f.write(part)
    with open('screen', 'w') as f:
        f.write(screen(data.decode('latin-1')))
    sys.exit(child.wait() % 256)


main()
