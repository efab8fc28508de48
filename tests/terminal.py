# SPDX-License-Identifier: MIT
"""Run a command with stderr (or both outputs) at a pseudo terminal.

    python3 terminal.py COLUMNS err|both COMMAND [ARGUMENT ...]

Writes what came to the terminal to the file `bytes`, what stands on it at the
end to `screen`, and stdout, where that is not the terminal, to `out`.  Exits
with the command's status.
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
    """What a terminal shows: \\r, \\n and ESC [ K are all that is known."""
    lines, row, column = [[]], 0, 0
    for part in re.findall(r'\x1b\[K|\x1b\[[0-9;]*m|.', data, re.S):
        line = lines[row]
        if part == '\x1b[K':
            del line[column:]
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
    child = subprocess.Popen(command, stdout=out, stderr=theirs, env=env)
    os.close(theirs)
    data = b''
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        data += part
    with open('bytes', 'wb') as f:
        f.write(data)
    with open('screen', 'w') as f:
        f.write(screen(data.decode('latin-1')))
    sys.exit(child.wait() % 256)


main()
