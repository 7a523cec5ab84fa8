"""Addresses with passwords, by real installers and a server that asks for them; no log shows one."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.environments import work as work_module
from flodesk.engine.environments.environment import InstallationError, packages_of, record_of
from flodesk.engine.environments.making import create
from flodesk.engine.environments.passwords import hidden, put_back
from flodesk.engine.environments.planning import install, plan
from flodesk.engine.environments.work import Work

ASKED = f"Basic {base64.b64encode(b'me:geheim').decode()}"


class _Locked(SimpleHTTPRequestHandler):
    def send_head(self) -> Any:
        if self.headers.get("Authorization") == ASKED:
            return super().send_head()
        self.send_response(401)
        self.send_header("WWW-Authenticate", "Basic realm=lab")
        self.send_header("Content-Length", "0")
        self.end_headers()
        return None

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def host(shelf: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that gives the packages of the shelf to who knows the password."""
    monkeypatch.delenv("UV_OFFLINE")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Locked, directory=str(shelf.folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("by", ["uv", "pip"])
@pytest.mark.parametrize("named", ["lab @ ", ""])
def test_what_lies_behind_a_password_is_installed_as_planned_and_nothing_shows_the_password(
    shelf: Any, host: str, by: str, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not work_module.find_uv():
        pytest.skip("there is no uv")
    if by == "pip":
        monkeypatch.setattr("flodesk.engine.environments.installers.find_uv", lambda: "")
    wheel: Path = shelf.wheel("lab", "1.0")
    said: list[str] = []
    work = Work(said.append)
    environment = create("t", work)
    changes = plan(environment, [f"{named}http://me:geheim@{host}/{wheel.name}"], work)
    assert changes.lines() == [f"+ lab 1.0, from http://me:****@{host}/{wheel.name}"]
    install(environment, changes, work)
    assert packages_of(environment) == {"lab": "1.0"}
    with pytest.raises(InstallationError) as failed:
        plan(environment, [f"{named}http://me:geheim@{host}/other-1.0-py3-none-any.whl"], work)
    shown = [*said, str(failed.value), *record_of(environment.root).packages.values()]
    assert len(said) > 4
    assert not [line for line in shown if "geheim" in line]


def test_a_password_is_hidden_and_the_name_of_a_variable_is_none() -> None:
    assert hidden("x @ https://me:a:b@c@lab.org/x.whl, me@lab.org") == "x @ https://me:****@lab.org/x.whl, me@lab.org"
    assert hidden("git+https://token@lab.org/x@main") == "git+https://****@lab.org/x@main"
    for text in ("https://${ME}:${KEY}@lab.org/x", "git+ssh://git@lab.org/x", "https://lab.org/x@main", "a://b c:d@e"):
        assert hidden(text) == text


def test_a_password_goes_to_the_host_that_it_was_typed_for_and_to_no_other() -> None:
    typed = ["git+https://a:1@lab.org/one@main", "git+https://b:2@lab.org/two", "https://c@key.org/x.whl"]
    assert put_back("git+https://lab.org/two@c0ffee", typed) == "git+https://b:2@lab.org/two@c0ffee"
    assert put_back("git+https://a:****@lab.org/one@c0ffee#x=y", typed) == "git+https://a:1@lab.org/one@c0ffee#x=y"
    assert put_back("https://****@key.org/x.whl", typed) == "https://c@key.org/x.whl"
    others = ("https://lab.org.evil.org/one", "https://else@lab.org/one", "http://lab.org/two", "file:///lab/x.whl")
    for other in (*others, "-e file:///lab"):
        assert put_back(other, typed) == other
