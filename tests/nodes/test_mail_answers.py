"""Mails to a small real server on this machine."""

from __future__ import annotations

import email
import email.policy
import shutil
import ssl
import subprocess
import threading
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from flodesk.engine.client import InProcess
from flodesk.engine.events import RunFinished
from flodesk.nodes import system

_spec = spec_from_file_location("mail_server", Path(__file__).with_name("mail_server.py"))
mail_server = module_from_spec(_spec)
_spec.loader.exec_module(mail_server)


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("FLODESK_SECRET_MAIL", "hunter2")


@pytest.fixture
def tls(tmp_path, monkeypatch):
    """Give a certificate of this computer, which is trusted for the time of the test."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out",
         str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@pytest.mark.node("system.send_email")
def test_a_mail_arrives_with_text_and_attachments(tmp_path):
    (tmp_path / "volts.csv").write_text("volt\n4.9\n")
    (tmp_path / "raw").write_bytes(b"\x00\xff")
    with mail_server.posting("oven@example.org hunter2") as post:
        taken = system.send_email(
            "lab@example.org, A. B. <a.b@example.org>",
            "Öfen: zu heiß",
            "It is 182 °C.\n.\nSee below.",
            server=f"smtp://oven%40example.org:secret:MAIL@127.0.0.1:{post.port}",
            attachments=[str(tmp_path / "volts.csv"), str(tmp_path / "raw")],
        )
    assert taken == 2
    assert post.logins == ["oven@example.org hunter2"]
    [(sender, to, text)] = post.mails
    assert (sender, to) == ("oven@example.org", ["lab@example.org", "a.b@example.org"])
    mail = email.message_from_string(text, policy=email.policy.default)
    assert mail["subject"] == "Öfen: zu heiß"
    assert mail["to"] == "lab@example.org, a.b@example.org"
    assert mail["from"] == "oven@example.org"
    assert mail.get_body().get_content().splitlines() == ["It is 182 °C.", ".", "See below."]
    volts, raw = mail.iter_attachments()
    assert (volts.get_filename(), volts.get_content_type()) == ("volts.csv", "text/csv")
    assert volts.get_content().replace("\r\n", "\n") == "volt\n4.9\n"
    assert raw.get_content() == b"\x00\xff"


@pytest.mark.node("system.send_email")
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_mail_goes_over_tls_where_the_server_speaks_it(tls, scheme):
    at_once = scheme == "smtps"
    with mail_server.posting("me hunter2", tls, at_once=at_once) as post:
        address = f"{scheme}://me:secret:MAIL@localhost:{post.port}"
        assert system.send_email("lab@example.org", "Hot", server=address, sender="me@example.org") == 1
        with pytest.raises(
            ConnectionError, match=r"127.0.0.1:\d+ does not prove that it is this host \(IP address mis"
        ):
            system.send_email("a@b.c", "Hot", server=address.replace("localhost", "127.0.0.1"), sender="me@example.org")
    assert post.logins == ["me hunter2"]
    assert post.safe == [not at_once]  # else it is safe from the beginning


@pytest.mark.node("system.send_email")
def test_what_goes_wrong_is_said_without_the_password(monkeypatch, tmp_path):
    with mail_server.posting("me hunter3") as post:

        def send(
            to="lab@example.org", subject="Hot", at=f"smtp://127.0.0.1:{post.port}", sender="me@example.org", **more
        ):
            return system.send_email(to, subject, server=at, sender=sender, **more)

        with pytest.raises(PermissionError, match="does not know me by this password: check both") as refused:
            send(at=f"smtp://me:secret:MAIL@127.0.0.1:{post.port}")
        assert "hunter" not in str(refused.value)
        assert refused.value.__cause__ is None
        assert refused.value.__suppress_context__
        with pytest.raises(ConnectionError, match=r"takes no mail for nobody@example.org: check"):
            send("nobody@example.org")
        with pytest.raises(ConnectionError, match=r"takes no mail for nobody@example.org: check these"):
            send("lab@example.org,nobody@example.org")
        with pytest.raises(PermissionError, match=r"takes no mail from nobody@example.org: check the sender"):
            send(sender="nobody@example.org")
        for to in ("", "lab", "a b@example.org", "@example.org"):
            with pytest.raises(ValueError, match=r"is no address of e-mail: write it as name@example.org"):
                send(to)
        with pytest.raises(ValueError, match="'' is no address of e-mail"):
            send(sender="")
        with pytest.raises(ValueError, match="the subject has several lines"):
            send(subject="a\r\nBcc: all@example.org")
        with pytest.raises(ValueError, match=r"'127.0.0.1' is no connection of this flow and no address of a server"):
            send(at="127.0.0.1")
        with pytest.raises(FileNotFoundError, match="there is no file"):
            send(attachments=[str(tmp_path / "none")])
        with pytest.raises(ConnectionError, match="speaks no TLS"):
            send(at=f"smtps://127.0.0.1:{post.port}")
    with (
        mail_server.posting() as post,
        pytest.raises(ConnectionError, match="wants no password: leave user and password"),
    ):
        send(at=f"smtp://me:secret:MAIL@127.0.0.1:{post.port}")
    with mail_server.posting(silent=True) as post, pytest.raises(TimeoutError, match=r"was silent for 0.1 s"):
        send(at=f"smtp://127.0.0.1:{post.port}", timeout=0.1)


@pytest.mark.node("system.send_email")
def test_a_password_is_sent_in_the_clear_to_this_computer_only(monkeypatch):
    import flodesk.nodes._network as network

    monkeypatch.setattr(network, "_HERE", ())
    with mail_server.posting("me hunter2") as post:
        with pytest.raises(ConnectionError, match="offers no TLS: a password is not sent in the clear"):
            system.send_email(
                "a@b.c", "Hot", server=f"smtp://me:secret:MAIL@127.0.0.1:{post.port}", sender="me@example.org"
            )
        assert post.logins == []


FLOW = """
import flodesk
from flodesk.nodes import system


def flow():
    sent = system.send_email("a@b.c", "Hot", server="SERVER", sender="me@b.c", timeout=600.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_stop_does_not_wait_for_a_server():
    ended = threading.Event()
    engine = InProcess(lambda event: ended.set() if isinstance(event, RunFinished) else None)
    with mail_server.posting(silent=True) as post:
        try:
            engine.open(FLOW.replace("SERVER", f"smtp://127.0.0.1:{post.port}"), "flow.py")
            engine.start()
            assert post.greeted.wait(60.0)
            engine.stop()
            assert ended.wait(60.0)
        finally:
            engine.close()
