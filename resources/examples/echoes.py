# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["how flows work"]
#
# [tool.flodesk.canvas.flow]
# caller = [0, 0]
# answer = [280, 120]
# said = [560, -120]
# heard = [840, -120]
# squares = [560, 100]
# curve = [840, 100]
# length = [560, 260]
#
# [tool.flodesk.panel.flow]
# curve = [0, 0, 7, 5]
# heard = [7, 0, 5, 2]
# length = [7, 2, 5, 3]
# ///
"""Twelve callers ask a little server on this machine to square a number: await, and a result with two outputs."""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

import flodesk
from flodesk.nodes import collect, show, text


class Answer(NamedTuple):
    """What the server has said, and in how many letters."""

    square: float
    letters: int


async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read a number, answer with its square."""
    asked = int(await reader.readline())
    writer.write(f"{asked * asked}\n".encode())
    await writer.drain()
    writer.close()


async def callers(number: int = 12) -> AsyncIterator[tuple[int, int]]:
    """Start the server, and let some callers come: each gets its number and the server's port."""
    server = await asyncio.start_server(reply, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        for caller in range(1, number + 1):
            yield caller, port
    finally:
        server.close()
        await server.wait_closed()


async def ask(asked: int, port: int) -> Answer:
    """Ask the server at a port of this machine."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{asked}\n".encode())
    said = (await reader.readline()).decode().strip()
    writer.close()
    await writer.wait_closed()
    return Answer(float(said), len(said))


async def flow():
    squares = collect.List()
    async for caller, port in callers(number=12):
        answer = await ask(caller, port)
        said = text.template("{{ who }} squared is {{ square | int }}", who=caller, square=answer.square)
        heard = show.text(said, title="Heard last")
        squares.add(answer.square)
        length = show.number(answer.letters, title="Length", unit="letters")
    all_squares = squares.result()
    curve = show.line(all_squares, title="What the server said")


if __name__ == "__main__":
    flodesk.main(flow)
