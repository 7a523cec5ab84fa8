"""A small mail server to test with, on a free port of this machine."""

from __future__ import annotations

import asyncio
import base64
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Post:
    """What came: logins and mails, each with sender, addresses and text."""

    def __init__(self) -> None:
        self.port = 0
        self.logins: list[str] = []
        self.mails: list[tuple[str, list[str], str]] = []
        self.safe: list[bool] = []
        self.greeted = threading.Event()


class _Talk:
    def __init__(self, post: Post, login: str, tls: ssl.SSLContext | None, silent: bool) -> None:
        self.post, self.login, self.tls, self.silent = post, login, tls, silent

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self.talk(reader, writer)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(*lines: str) -> None:
            for line in lines:
                writer.write(line.encode() + b"\r\n")

        self.post.greeted.set()
        if self.silent:
            await reader.read()
            return
        say("220 post.example.org ESMTP")
        sender, to, safe = "", [], False
        while line := (await reader.readline()).decode().strip():
            word, _, rest = line.partition(" ")
            match word.upper():
                case "EHLO":
                    offers = ["STARTTLS"] if self.tls and not safe else []
                    offers += ["AUTH PLAIN"] if self.login else []
                    said = ["post.example.org", *offers]
                    say(*(f"250{'-' if n < len(said) - 1 else ' '}{one}" for n, one in enumerate(said)))
                case "STARTTLS":
                    say("220 go on")
                    await writer.start_tls(self.tls)
                    safe = True
                case "AUTH":
                    _, user, password = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
                    self.post.logins.append(f"{user} {password}")
                    say("235 welcome" if f"{user} {password}" == self.login else f"535 {password} is wrong")
                case "MAIL":
                    sender = rest.partition("<")[2].partition(">")[0]
                    say("550 not you" if sender.startswith("nobody") else "250 ok")
                case "RCPT":
                    address = rest.partition("<")[2].partition(">")[0]
                    to += [] if address.startswith("nobody") else [address]
                    say("550 nobody of that name" if address.startswith("nobody") else "250 ok")
                case "DATA":
                    say("354 go on")
                    text = (await reader.readuntil(b"\r\n.\r\n"))[:-3].decode("ascii")
                    self.post.mails.append((sender, to, text.replace("\r\n..", "\r\n.")))
                    self.post.safe.append(safe)
                    sender, to = "", []
                    say("250 taken")
                case "QUIT":
                    say("221 bye")
                    return
                case _:
                    say("250 ok")


@contextmanager
def posting(
    login: str = "", tls: ssl.SSLContext | None = None, silent: bool = False, at_once: bool = False
) -> Iterator[Post]:
    """Run one; `login` is user and password, with `at_once` it speaks TLS from the beginning."""
    post, loop, started = Post(), asyncio.new_event_loop(), threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        talk = _Talk(post, login, None if at_once else tls, silent)
        server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls if at_once else None)
        post.port = server.sockets[0].getsockname()[1]
        started.set()
        await stop.wait()
        server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def run() -> None:
        loop.run_until_complete(serve())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert started.wait(60.0)
        yield post
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
