#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""ask.py URL SUBJECT KEY...: what the engine answers to an empty request, or what
stands in its JSON at these keys, one inside the other."""
import json
import socket
import sys
from urllib.parse import urlparse

url = urlparse(sys.argv[1])
with socket.create_connection((url.hostname, url.port), timeout=5) as connection:
    file = connection.makefile("rwb")
    file.write(b'CONNECT {"verbose":false}\r\nSUB answer.to.ask 1\r\n'
               b"PUB %s answer.to.ask 0\r\n\r\n" % sys.argv[2].encode())
    file.flush()
    while not (line := file.readline()).startswith(b"MSG"):
        if not line:
            sys.exit("no answer")
    answer = json.loads(file.read(int(line.split()[-1])))
for key in sys.argv[3:]:
    answer = answer[key]
print(answer if isinstance(answer, str) else json.dumps(answer))
