"""A Redis server behind TLS, with users and their rights: what runs through it, and what is said where it does not."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from flodesk.engine.events import Event, RunFinished
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.refusals import hidden
from flodesk.engine.places.server.stream import PlaceError, connect
from flodesk.engine.places.session.rq import RqEngine

x509 = pytest.importorskip("cryptography.x509")
SECONDS = 60.0
PASSWORD = "pass/word:with@signs#"
USER = "lab"
RIGHTS = ["~flodesk:*", "~rq:*", "&rq:*", "+@all", "-@admin", "-@dangerous", "+info", "+client|list", "+client|setname"]
"""As `docs/elsewhere.md` says."""
FLOW = """import flodesk
from flodesk.nodes import maths


def flow():
    a = maths.add(1.0, 2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


class Authority:
    """Signs certificates, as that of a laboratory does."""

    def __init__(self, folder: Path, name: str) -> None:
        from cryptography.hazmat.primitives.asymmetric import ec

        self.folder, self.key = folder, ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self.file = str(folder / f"{name}.pem")
        Path(self.file).write_bytes(self._signed(self.name, self.key, 30, ca=True))

    def _signed(self, name: object, key: object, days: float, *, ca: bool, host: str = "127.0.0.1") -> bytes:
        from cryptography.hazmat.primitives import hashes, serialization

        now = datetime.datetime.now(datetime.UTC)
        build = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(key.public_key())  # type: ignore[attr-defined]
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=60))
            .not_valid_after(now + datetime.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        )
        return bytes(build.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def server(self, name: str, *, days: float = 30, host: str = "127.0.0.1") -> ssl.SSLContext:
        """Return what a server with a certificate of this authority shows."""
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        file = self.folder / f"{name}-server.pem"
        plain = serialization.NoEncryption()
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        file.write_bytes(private + self._signed(subject, key, days, ca=False, host=host))
        shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        shown.load_cert_chain(file)
        return shown


class End:
    """The TLS end in front of a server: takes TLS, and hands on what is in it."""

    def __init__(self, context: ssl.SSLContext, port: int) -> None:
        self._context, self._to = context, port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._threads = [threading.Thread(target=self._take, daemon=True)]
        self._threads[0].start()

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                link, _ = self._listening.accept()
                self._threads.append(threading.Thread(target=self._serve, args=(link,), daemon=True))
                self._threads[-1].start()

    def _serve(self, link: socket.socket) -> None:
        behind = socket.create_connection(("127.0.0.1", self._to))
        with link, behind, contextlib.suppress(OSError), self._context.wrap_socket(link, server_side=True) as inside:
            back = threading.Thread(target=_hand_on, args=(behind, inside), daemon=True)
            back.start()
            _hand_on(inside, behind)
            back.join()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join()


def _hand_on(here: socket.socket, there: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := here.recv(1 << 16):
            there.sendall(data)
    with contextlib.suppress(OSError):
        there.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer() as started:
        connection = connect(started.url)
        connection.execute_command("ACL", "SETUSER", USER, "reset", "on", f">{PASSWORD}", *RIGHTS)
        connection.execute_command("ACL", "SETUSER", "reader", "reset", "on", ">read", "~*", "+ping", "+@read")
        connection.execute_command("ACL", "SETUSER", "mute", "reset", "on", ">mute")
        connection.close()
        yield started


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "lab")


@pytest.fixture
def end(server: LocalServer, authority: Authority) -> Iterator[Callable[[ssl.SSLContext], int]]:
    made: list[End] = []

    def start(shown: ssl.SSLContext) -> int:
        made.append(End(shown, int(server.url.rpartition(":")[2].partition("/")[0])))
        return made[-1].port

    yield start
    for one in made:
        one.close()


def address(port: int, file: str, user: str = USER, password: str = PASSWORD) -> str:
    named = f"?ssl_ca_certs={file}" if file else ""
    return f"rediss://{user}:{quote(password, safe='')}@127.0.0.1:{port}/0{named}"


def test_a_flow_runs_through_tls_as_a_user_who_may_do_no_more_than_that(
    end: Callable[[ssl.SSLContext], int], authority: Authority
) -> None:
    url = address(end(authority.server("right")), authority.file)
    words: list[str] = []
    over = threading.Event()

    def hear(event: Event) -> None:
        if isinstance(event, RunFinished):
            words.append(f"{event.reason} {event.message}")
            over.set()

    worker = subprocess.Popen(
        [sys.executable, "-m", "flodesk", "worker"],
        env={**os.environ, "FLODESK_REDIS_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        engine = RqEngine(url)
        engine.listener = hear
        engine.open(FLOW)
        engine.watch({"flow.a"}, set())
        for _ in range(2):  # a job, and the session that it has left
            over.clear()
            engine.start()
            assert over.wait(SECONDS)
        assert words == ["succeeded "] * 2
        assert engine.values()["flow.a"].value == 3.0
        engine.close()
    finally:
        worker.terminate()
        said = b"".join(worker.communicate(timeout=30))
    assert b"NOPERM" not in said
    assert PASSWORD.encode() not in said
    assert quote(PASSWORD, safe="").encode() not in said


def refusal(url: str) -> str:
    """Return what is said of an address that cannot be used, and see that no password is in it."""
    with pytest.raises(PlaceError) as refused:
        connect(url)
    words = str(refused.value)
    for secret in (PASSWORD, quote(PASSWORD, safe=""), "wrong-word", "pass"):
        assert secret not in words.replace("password", "")
    return words


def test_what_is_wrong_with_a_certificate_or_a_user_is_said_in_words(
    server: LocalServer, end: Callable[[ssl.SSLContext], int], authority: Authority, tmp_path: Path
) -> None:
    right = end(authority.server("right"))
    plain = int(server.url.rpartition(":")[2].partition("/")[0])
    other = Authority(tmp_path, "other").file

    unknown = refusal(address(right, ""))
    assert "nobody whom this machine trusts has signed its certificate" in unknown
    assert "?ssl_ca_certs=FILE" in unknown
    assert f"none of those in {other} has" in refusal(address(right, other))
    assert "its certificate has expired" in refusal(address(end(authority.server("old", days=-1)), authority.file))
    elsewhere = end(authority.server("elsewhere", host="127.0.0.2"))
    assert "its certificate is for another host" in refusal(address(elsewhere, authority.file))
    assert "no-such-file.pem cannot be read" in refusal(address(right, str(tmp_path / "no-such-file.pem")))

    assert "does not know this user with this password" in refusal(address(right, authority.file, USER, "wrong-word"))
    assert "wants a password" in refusal(f"rediss://127.0.0.1:{right}/0?ssl_ca_certs={authority.file}")
    # a server without TLS waits for more of what it takes for a command
    assert "Where it speaks no TLS its address begins with redis://" in refusal(address(plain, authority.file))
    assert "Where it speaks TLS its address begins with rediss://" in refusal(f"redis://127.0.0.1:{right}/0")


def test_a_user_without_the_rights_is_told_so_and_by_what(server: LocalServer) -> None:
    url = server.url.partition("@")[2]
    engine = RqEngine(f"redis://reader:read@{url}")
    engine.open(FLOW)
    with pytest.raises(PlaceError, match="User reader has no permissions to run the"):
        engine.start()
    engine.close()
    assert "does not allow this user what flodesk needs: User mute" in refusal(f"redis://mute:mute@{url}")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://HOST:6379/0", "redis://HOST:6379/0"),
        ("rediss://lab:a@b://c@HOST:6379/0", "rediss://***@HOST:6379/0"),
        ("lab:word@HOST", "***@HOST"),
        ("redis://HOST/0?password=word&db=1", "redis://HOST/0?db=1"),
        ("rediss://lab:word@HOST/0?ssl_ca_certs=a.pem&username=lab", "rediss://***@HOST/0?ssl_ca_certs=a.pem"),
    ],
)
def test_no_message_shows_a_password(url: str, shown: str) -> None:
    assert hidden(url) == shown


@pytest.mark.parametrize("url", ["redis://:pa#ss@127.0.0.1:1/0", "redis://:pa/ss@127.0.0.1:1/0", "lab:pass@127.0.0.1"])
def test_an_address_that_cannot_be_read_says_how_it_is_written_and_none_of_its_password(url: str) -> None:
    words = refusal(url)
    assert "%23 stands for #" in words
    assert "'pa'" not in words
