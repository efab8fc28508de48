#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""proxy.py HOST:PORT PORT-FILE HOLD-FILE: hands bytes both ways; as long as
HOLD-FILE is there it hands none and takes none, as a network that is cut."""
import asyncio
import os
import sys

host, port = sys.argv[1].rsplit(":", 1)


async def pump(reader, writer):
    while data := await reader.read(65536):
        while os.path.exists(sys.argv[3]):
            await asyncio.sleep(0.02)
        writer.write(data)
        await writer.drain()
    writer.close()


async def client(reader, writer):
    there_reader, there_writer = await asyncio.open_connection(host, int(port))
    await asyncio.gather(pump(reader, there_writer), pump(there_reader, writer),
                         return_exceptions=True)


async def main():
    server = await asyncio.start_server(client, "127.0.0.1", 0)
    with open(sys.argv[2] + ".new", "w") as file:
        print(server.sockets[0].getsockname()[1], file=file)
    os.rename(sys.argv[2] + ".new", sys.argv[2])
    await server.serve_forever()


asyncio.run(main())
