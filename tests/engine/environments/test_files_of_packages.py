"""Packages that come as files, by uv, which an installed program has; and an index that is not to be trusted."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.environments import work as work_module
from flodesk.engine.environments.environment import InstallationError, own, packages_of, shared_of
from flodesk.engine.environments.links import holds_packages, keep_links, links_of
from flodesk.engine.environments.making import create, repair
from flodesk.engine.environments.planning import install, plan, undo
from flodesk.engine.environments.requirements import requirements_in
from flodesk.engine.environments.work import Work

pytestmark = pytest.mark.skipif(not work_module.find_uv(), reason="there is no uv")


def test_the_path_of_a_wheel_is_planned_by_its_version_over_flodesks_own_and_installed(
    shelf: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))  # nothing of it is found by its name
    wheel = shelf.wheel("numpy", "0.5", "", ("packaging",))
    has = shared_of(own())
    environment = create("lab", Work())
    changes = plan(environment, requirements_in(str(wheel)), Work())
    said = f"+ numpy 0.5, over flodesk's own {has['numpy']}, from {wheel}"
    assert changes.lines() == [said], "and nothing else is changed for it"
    install(environment, changes, Work())
    assert packages_of(environment) == {"numpy": "0.5"}
    assert plan(environment, requirements_in(str(wheel)), Work()).is_none
    newer = shelf.wheel("numpy", "0.6").rename(tmp_path / "numpy-0.6-py3-none-any.whl")
    changes = plan(environment, requirements_in("./numpy-0.6-py3-none-any.whl", tmp_path), Work())
    assert changes.lines() == [f"~ numpy 0.5 → 0.6, from {newer}"]
    other = shelf.wheel("flo_tiny", "1.0").rename(tmp_path / "flo_tiny-1.0-cp27-cp27m-win32.whl")
    with pytest.raises(InstallationError, match="is made for another Python or another system"):
        plan(environment, [str(other)], Work())


def test_a_plan_says_where_it_departs_from_the_lock(shelf: Any) -> None:
    shelf.wheel("flo_tiny", "1.0")
    shelf.wheel("flo_tiny", "2.0")
    environment, held = create("lab", Work()), {"flo-tiny": "1.0", "flo-other": "3.0"}
    assert plan(environment, ["flo_tiny>=2"], Work(), held).departs == {"flo-tiny": "1.0"}
    assert plan(environment, ["flo_tiny"], Work(), held).departs == {}


# ------------------------------------------------------------------ certificates
class _Index(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def company(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """An index behind the certificate of nobody known: its address, and the file of the certificate."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl")
    key, file = tmp_path / "key.pem", tmp_path / "company.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-addext", "basicConstraints=critical,CA:FALSE", "-keyout", str(key), "-out", str(file)],
        check=True, capture_output=True,
    )  # fmt: skip
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Index)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}/simple", file
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_certificate_that_is_not_trusted_is_told_from_a_network_that_is_not_there(
    shelf: Any, company: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, file = company
    environment = create("lab", Work())
    for name in ("UV_NO_INDEX", "UV_OFFLINE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("UV_DEFAULT_INDEX", address)
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    with pytest.raises(InstallationError, match="a certificate that this computer does not trust") as told:
        plan(environment, ["flo_nonesuch"], Work())
    assert "SSL_CERT_FILE" in str(told.value)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with pytest.raises(InstallationError, match="was not found"):  # the index has answered
        plan(environment, ["flo_nonesuch"], Work())


def test_uv_trusts_what_the_system_trusts_wherever_that_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def said() -> str:
        return Work().run(["sh", "-c", 'echo "$UV_SYSTEM_CERTS"'])[1].strip()

    monkeypatch.delenv("UV_SYSTEM_CERTS", raising=False)
    monkeypatch.setattr(work_module, "_CERTIFICATES", (str(tmp_path / "none.pem"), str(tmp_path / "ca-bundle.crt")))
    monkeypatch.setattr(work_module.sys, "platform", "linux")
    assert said() == "", "a container without any: what uv brings is better than none"
    (tmp_path / "ca-bundle.crt").touch()
    assert said() == "1"
    monkeypatch.setenv("UV_SYSTEM_CERTS", "0")
    assert said() == "0", "who has chosen is asked"


# ------------------------------------------------------------------ a folder in place of an index
def test_without_a_network_it_is_installed_from_the_folder_of_the_environment_alone(
    shelf: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheels = tmp_path / "stick"
    shelf.folder.rename(wheels)
    shelf.folder = wheels
    shelf.wheel("flo_tiny", "1.0", "", ("flo_other",))
    shelf.wheel("flo_other", "1.5")
    environment = create("lab", Work())
    for name in ("UV_NO_INDEX", "UV_OFFLINE", "UV_FIND_LINKS"):
        monkeypatch.delenv(name)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://127.0.0.1:{nobody.getsockname()[1]}/simple")
        monkeypatch.setenv("UV_HTTP_RETRIES", "0")
        with pytest.raises(InstallationError, match="cannot be reached"):
            plan(environment, ["flo_tiny"], Work())
        keep_links(environment, [wheels])
        changes = plan(environment, ["flo_tiny"], Work())
        assert changes.lines() == ["+ flo-other 1.5", "+ flo-tiny 1.0"]
        assert (changes.links, changes.is_alone) == ((str(wheels),), True)
        install(environment, changes, Work())
        made = repair(environment, Work())
        assert packages_of(made) == {"flo-other": "1.5", "flo-tiny": "1.0"}
        assert links_of(made) == (str(wheels),), "it is remembered"
        undo(made, Work())
        assert packages_of(made) == {}
        with pytest.raises(InstallationError, match="flo_nonesuch was not found"):
            plan(made, ["flo_nonesuch"], Work())
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(wheels))
    assert plan(create("other", Work()), ["flo_tiny"], Work()).lines() == changes.lines(), "and so by the environment"
    monkeypatch.delenv("UV_FIND_LINKS")
    wheels.rename(tmp_path / "pulled out")
    changes = plan(made, requirements_in("'pulled out/flo_other-1.5-py3-none-any.whl'", tmp_path), Work())
    assert changes.words() == "Adds 1, changes 0 of yours."
    assert (changes.links, changes.gone) == ((), (str(wheels),)), "one that is not there is not said to be looked into"
    with pytest.raises(InstallationError, match=f"Not looked into, for want of being there: {wheels}"):
        plan(made, ["flo_tiny"], Work())


def test_a_folder_without_packages_is_not_taken(tmp_path: Path, shelf: Any) -> None:
    environment = create("lab", Work())
    (tmp_path / "empty").mkdir()
    source = tmp_path / "source"
    source.mkdir()
    (source / "pyproject.toml").touch()
    (source / "lab-1.0-py3-none-any.whl").touch()
    for folder in ("empty", "source", "gone"):
        assert not holds_packages(tmp_path / folder)
        with pytest.raises(InstallationError, match="There is no wheel in"):
            keep_links(environment, [tmp_path / folder])
    with pytest.raises(InstallationError, match="UV_FIND_LINKS"):
        keep_links(own(), [])
