"""Requests to a real server on this machine, which says what came to it."""

from __future__ import annotations

import socket
import threading
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest

from flodesk.engine.client import InProcess
from flodesk.engine.events import RunFinished
from flodesk.nodes import web
from flodesk.nodes.web.exchange import exchange

_spec = spec_from_file_location("web_server", Path(__file__).with_name("web_server.py"))
web_server = module_from_spec(_spec)
_spec.loader.exec_module(web_server)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def server():
    with web_server.serving() as server:
        yield server


@pytest.mark.node("web.get")
def test_what_is_asked_for_comes_as_json_text_or_bytes(server):
    answer = web.get(f"{server.url}/volts/µ?a=1&b=%C3%A4", params={"last": [3, 4], "q": "x y&z", "none": None})
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.value["method"] == "GET"
    assert answer.value["path"] == "/volts/%C2%B5?a=1&b=%C3%A4&last=3&last=4&q=x+y%26z"
    assert answer.value["headers"]["User-Agent"].startswith("flodesk/")
    assert web.get(f"{server.url}/text", gives="text").value == "größe"
    assert web.get(f"{server.url}/text", gives="bytes").value == b"gr\xf6\xdfe"
    assert web.get(f"{server.url}/empty").value is None
    assert web.get(f"{server.url}/pieces", "text").value == "1234" * 3
    assert web.get(server.url).value["path"] == "/"


@pytest.mark.node("web.get")
def test_a_secret_is_looked_up_and_said_to_nobody_else(server, monkeypatch):
    monkeypatch.setenv("FLODESK_SECRET_METER", "hunter2")
    headers = {"Authorization": "Bearer secret:METER", "X-Key": "secret:METER", "Accept": "text/csv"}
    told = web.get(f"{server.url}/echo", headers=headers, params={"key": "secret:METER"}).value
    assert told["headers"]["Authorization"] == "Bearer hunter2"
    assert told["headers"]["X-Key"] == "hunter2"
    assert told["path"] == "/echo?key=hunter2"
    with pytest.raises(PermissionError, match=r"401.*no right for Bearer \*\*\* at /denied\?key=\*\*\*") as refused:
        web.get(f"{server.url}/denied", headers=headers, params={"key": "secret:METER"})
    assert "hunter2" not in str(refused.value)
    with web_server.serving() as other:
        server.leads_to = f"{other.url}/echo"
        told = web.get(f"{server.url}/away", headers=headers).value
        assert told["headers"]["Accept"] == "text/csv"
        assert "hunter2" not in str(told), "another host hears no secret"
    server.leads_to = "/echo"
    assert web.get(f"{server.url}/away", headers=headers).value["headers"]["Authorization"] == "Bearer hunter2"
    address = server.url.replace("//", "//me%40lab:secret:METER@")
    told = web.get(f"{address}/echo").value
    assert told["headers"]["Authorization"] == "Basic bWVAbGFiOmh1bnRlcjI="  # me@lab:hunter2
    with pytest.raises(PermissionError, match=r"^http://127.0.0.1:\d+/denied: .*no right for Basic \*\*\*") as refused:
        web.get(f"{address}/denied")
    assert "hunter2" not in str(refused.value)
    with pytest.raises(LookupError, match="the secret OTHER is not here"):
        web.get(server.url, headers={"Authorization": "Bearer secret:OTHER"})


@pytest.mark.node("web.get")
@pytest.mark.parametrize("value", ["".join(f"{number:04d}" for number in range(125)), "my  pass\tword", 'pa"ss\\w'])
def test_a_server_that_refuses_tells_no_part_of_a_secret(server, value, monkeypatch):
    monkeypatch.setenv("FLODESK_SECRET_KEY", value)
    headers = {"Authorization": "secret:KEY secret:KEY secret:KEY"}
    with pytest.raises(PermissionError, match=r'\({"error": "no right for \*\*\* \*\*\* \*\*\* at /denied"}\)$'):
        web.get(f"{server.url}/denied", headers=headers)


def test_a_request_that_is_printed_shows_no_secret(monkeypatch):
    monkeypatch.setenv("FLODESK_SECRET_KEY", "hunter2")
    headers = {"Authorization": "Bearer secret:KEY"}
    sent = exchange("GET", "http://127.0.0.1:1/x", {"key": "secret:KEY"}, headers, b"hunter2", 1.0)
    assert "hunter2" in str(sent.headers)
    assert "hunter2" not in repr(sent)


@pytest.mark.node("web.request")
def test_what_is_sent_arrives_as_it_is_meant(server):
    url = f"{server.url}/echo"

    def sent(*args, **options):
        told = web.request(url, *args, **options).value
        return told["method"], told["headers"].get("Content-Type", ""), told["body"]

    assert sent({"volt": np.array([4.9, 5.1])}) == ("POST", "application/json", '{"volt": [4.9, 5.1]}')
    form = {"a": "x y", "b": [1, 2]}
    assert sent(form, "PUT", sends="form") == ("PUT", "application/x-www-form-urlencoded", "a=x+y&b=1&b=2")
    assert sent("[1]") == ("POST", "application/json", "[1]")
    assert sent("Ω", sends="text") == ("POST", "text/plain; charset=utf-8", "Ω".encode().decode("latin-1"))
    assert sent(b"\x00\xff") == ("POST", "application/octet-stream", "\x00\xff")
    assert sent("a,b", headers={"content-type": "text/csv"}) == ("POST", "text/csv", "a,b")
    assert sent(None, "DELETE") == ("DELETE", "", "")
    assert web.request(url, method="HEAD", gives="text").value == ""
    with pytest.raises(ValueError, match="a form has fields, and list came"):
        web.request(url, [1], sends="form")
    with pytest.raises(ValueError, match="cannot be written as JSON"):
        web.request(url, {"volt": float("nan")})


@pytest.mark.node("web.get", "web.request")
def test_a_server_that_refuses_is_an_error_in_words_or_an_answer(server):
    for path, error, words in (
        ("missing", FileNotFoundError, "says 404 Not Found: there is nothing at this address, correct it$"),
        ("busy", ConnectionError, "says 429 .*: it is busy, ask it less often or later"),
        ("wrong", ConnectionError, r'says 422 .*check method, parameters and body \({"error": "volt is no number"}\)'),
        ("broken", ConnectionError, "says 500 Internal Server Error: it failed"),
    ):
        with pytest.raises(error, match=f"{server.url}/{path}: the server {words}"):
            web.get(f"{server.url}/{path}?key=1")
    assert web.get(f"{server.url}/missing", on_error="give").value == "<h1>Not here</h1>"
    answer = web.request(f"{server.url}/wrong", {}, on_error="give")
    assert (answer.status, answer.value) == (422, {"error": "volt is no number"})
    server.leads_to = f"{server.url}/away"
    with pytest.raises(ConnectionError, match=r"302 Found: it leads elsewhere, ask http.*away itself"):
        web.get(f"{server.url}/away")
    with pytest.raises(ValueError, match=r"page: the answer is no JSON .*, but text/html: choose text"):
        web.get(f"{server.url}/page")


@pytest.mark.node("web.get")
def test_no_answer_is_an_error_in_words(server):
    with pytest.raises(TimeoutError, match=r"slow: 127.0.0.1:\d+ was silent for 0.05 s: see that it is on, or give it"):
        web.get(f"{server.url}/slow", timeout=0.05)
    with pytest.raises(ConnectionError, match=r"cut: 127.* broke off before all had come: ask again"):
        web.get(f"{server.url}/cut", "text")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ConnectionError, match=rf"nothing answers at 127.0.0.1:{port}: see that the server is on"):
        web.get(f"http://127.0.0.1:{port}")
    with pytest.raises(ConnectionError, match=r"speaks no TLS .*: check the port, and what"):
        web.get(server.url.replace("http:", "https:"))
    with socket.create_server(("127.0.0.1", 0)) as strange:

        def greet() -> None:
            with strange.accept()[0] as caller:
                caller.sendall(b"220 mail.example.org ESMTP\r\n")

        thread = threading.Thread(target=greet)
        thread.start()
        with pytest.raises(ConnectionError, match="speaks no HTTP: check the port"):
            web.get(f"http://127.0.0.1:{strange.getsockname()[1]}")
        thread.join()


@pytest.mark.node("web.get")
def test_a_host_that_nobody_knows_is_an_error_in_words(monkeypatch):
    def unknown(*args, **options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)  # no test asks a name server
    with pytest.raises(
        ConnectionError, match=r"https://volts\.example/a: there is no host volts\.example: check its name"
    ):
        web.get("https://volts.example/a?key=1")


@pytest.mark.node("web.get")
@pytest.mark.parametrize(
    "url",
    ["volts.example", "", "file:///etc/hosts", "ftp://a/b", "http://", "http://a:b/", "http://a b/", "http://.a/"],
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ValueError, match="is no address of the web: write it as https://"):
        web.get(url)


@pytest.mark.node("web.get")
def test_what_cannot_be_sent_is_refused(server):
    with pytest.raises(ValueError, match="a password does not stand in a flow: write secret:NAME") as refused:
        web.get("http://me:hunter2@127.0.0.1/")
    assert "hunter2" not in str(refused.value)
    for name, value in (("a b", "1"), ("X", "1\r\nY: 2"), ("X", "Ω"), ("", "1")):
        with pytest.raises(ValueError, match=f"the header '{name}' cannot be sent"):
            web.get(server.url, headers={name: value})
    with pytest.raises(ValueError, match="must be above 0 s"):
        web.get(server.url, timeout=0.0)
    assert server.asked == []


@pytest.mark.node("web.download")
def test_a_file_is_fetched_whole_or_not_at_all(server, tmp_path):
    place = tmp_path / "volts.txt"
    assert web.download(f"{server.url}/text", place) == place
    assert place.read_bytes() == b"gr\xf6\xdfe"
    assert web.download(f"{server.url}/pieces", place).read_bytes() == b"1234" * 3
    with pytest.raises(ConnectionError, match="broke off before all had come"):
        web.download(f"{server.url}/cut", place)
    with pytest.raises(FileNotFoundError, match="404"):
        web.download(f"{server.url}/missing", place)
    assert place.read_bytes() == b"1234" * 3
    assert list(tmp_path.iterdir()) == [place]
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        web.download(f"{server.url}/text", tmp_path / "none" / "a.txt")


FLOW = """
import flodesk
from flodesk.nodes import web


def flow():
    told = web.get("URL", timeout=600.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.node("web.get")
def test_stop_ends_a_request_at_once(server):
    ended = threading.Event()
    engine = InProcess(lambda event: ended.set() if isinstance(event, RunFinished) else None)
    try:
        engine.open(FLOW.replace("URL", f"{server.url}/slow"), "flow.py")
        engine.start()
        assert server.waiting.wait(60.0)
        engine.stop()
        assert ended.wait(60.0)
    finally:
        engine.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "web request"]
    assert web.get(f"{server.url}/echo").status == 200
    end = time.monotonic() + 60.0
    while not server.gone and time.monotonic() < end:  # it sees it when it next looks at its connection
        time.sleep(0.01)
    assert server.gone == [b""], "the server has seen that it was left"
