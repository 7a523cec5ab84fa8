"""Messages over a real broker on this machine."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import contextmanager

import numpy as np
import pytest
from amqtt.broker import Broker

from flodesk.engine.client import InProcess
from flodesk.engine.events import LogLine, RunFinished
from flodesk.nodes import system
from flodesk.public import PlainContext, context, enter_context


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@contextmanager
def broker(port=0, anonymous=True):
    """Run a broker in a thread of its own; give its address."""
    port = port or free_port()
    loop, started = asyncio.new_event_loop(), threading.Event()
    stop = asyncio.Event()
    settings = {
        "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
        "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": anonymous}},
    }

    async def serve():
        made = Broker(settings, loop)
        await made.start()
        started.set()
        await stop.wait()
        await made.shutdown()

    def run():
        loop.run_until_complete(serve())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert started.wait(60.0)
        yield f"mqtt://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


@pytest.fixture(scope="module")
def address():
    with broker() as address:
        yield address


@pytest.mark.node("system.MqttPublish", "system.mqtt_subscribe")
def test_what_is_published_comes_to_those_who_listen(address):
    publish = system.MqttPublish(address)
    assert publish({"volt": np.array([4.9, 5.1])}, "lab/oven/volt", retain=True) == len(b'{"volt": [4.9, 5.1]}')
    heard = system.mqtt_subscribe(address, "lab/+/volt")
    assert next(heard) == ("lab/oven/volt", {"volt": [4.9, 5.1]})  # what is retained comes to those who come later
    for number in range(30):
        publish(number, f"lab/{number}/volt", qos=number % 3)
        publish("no", "lab/other")
    assert [next(heard) for _ in range(30)] == [(f"lab/{number}/volt", number) for number in range(30)]
    publish("4.9 V", "lab/x/volt")
    with pytest.raises(ValueError, match=r"a message on lab/x/volt is no JSON .*, but '4.9 V': choose text"):
        next(heard)
    publish(b"", "lab/oven/volt", retain=True)
    publish.close()


@pytest.mark.node("system.mqtt_subscribe", "system.MqttPublish")
def test_texts_and_bytes_come_as_they_are(address):
    publish = system.MqttPublish(address)
    for gives, sent in (("text", "größe"), ("bytes", b"\x00\xff")):
        publish(sent, "a/b", retain=True)
        heard = system.mqtt_subscribe(address, "a/#", gives=gives)
        assert next(heard).value == sent
        heard.close()
    publish.close()


@pytest.mark.node("system.MqttPublish", "system.mqtt_subscribe")
def test_what_goes_wrong_is_said(address, monkeypatch):
    monkeypatch.setenv("FLODESK_SECRET_BROKER", "hunter2")
    with pytest.raises(ConnectionError, match=r"nothing answers at 127.0.0.1:\d+: see that the server is on"):
        system.MqttPublish(f"mqtt://127.0.0.1:{free_port()}")
    with pytest.raises(
        ValueError, match="'broker' is no connection of this flow and no address of a server: write it as"
    ):
        system.MqttPublish("broker")
    with pytest.raises(ValueError, match="a password does not stand in a flow") as refused:
        system.MqttPublish("mqtt://me:hunter2@127.0.0.1")
    assert "hunter2" not in str(refused.value)
    with pytest.raises(LookupError, match="the secret OTHER is not here"):
        next(system.mqtt_subscribe("mqtt://me:secret:OTHER@127.0.0.1"))
    away = "mqtt://me:secret:BROKER@127.0.0.2:1"  # none of the names by which this computer calls itself
    for ask in (system.MqttPublish, lambda address: next(system.mqtt_subscribe(address))):
        with pytest.raises(ConnectionError, match=r"^127.0.0.2:1 is not asked over TLS.*not sent in the clear$"):
            ask(away)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(TimeoutError, match=r"was silent for 0.1 s: see that it is a broker"),
    ):
        system.MqttPublish(f"mqtt://127.0.0.1:{silent.getsockname()[1]}", timeout=0.1)
    publish = system.MqttPublish(address)
    for topic in ("", "lab/+", "#"):
        with pytest.raises(ValueError, match="is no topic to send to"):
            publish(1, topic)
    with pytest.raises(ValueError, match="cannot be written as JSON"):
        publish({1, 2}, "lab")
    publish.close()
    for topic in ("", "lab#", "#/lab"):
        with pytest.raises(ValueError, match="is no topic to listen to"):
            next(system.mqtt_subscribe(address, topic))


@pytest.mark.node("system.MqttPublish")
def test_a_broker_hears_the_name_and_the_secret_of_who_asks(monkeypatch):
    monkeypatch.setenv("FLODESK_SECRET_BROKER", "hunter2")
    came = []

    def refuse():
        with silent.accept()[0] as caller:
            came.append(caller.recv(1000))
            caller.sendall(bytes([0x20, 2, 0, 4]))  # CONNACK of MQTT 3.1.1: bad user name or password
            came.append(caller.recv(1000))

    with socket.create_server(("127.0.0.1", 0)) as silent:
        thread = threading.Thread(target=refuse)
        thread.start()
        with pytest.raises(PermissionError, match="does not let in me@lab by this password") as refused:
            system.MqttPublish(f"mqtt://me%40lab:secret:BROKER@127.0.0.1:{silent.getsockname()[1]}")
        thread.join()
    assert came[0].endswith(b"\x00\x06me@lab\x00\x07hunter2")
    assert "hunter2" not in str(refused.value)


@pytest.mark.node("system.mqtt_subscribe")
def test_a_broker_that_wants_names_refuses_those_without():
    with broker(anonymous=False) as address, pytest.raises(PermissionError, match="not let in those who give no name"):
        next(system.mqtt_subscribe(address))


@pytest.mark.node("system.mqtt_subscribe", "system.MqttPublish")
def test_a_connection_that_is_lost_comes_back():
    class Telling(PlainContext):
        def log(self, text, level="info"):
            told.append(text)

    told, port, before = [], free_port(), context()
    enter_context(Telling())
    try:
        with broker(port) as address:
            publish, heard = system.MqttPublish(address), system.mqtt_subscribe(address, "lab/#")
            publish(1, "lab/a", retain=True)
            assert next(heard).value == 1
        with broker(port):
            again = system.MqttPublish(address)
            again(2, "lab/a", retain=True)
            assert next(heard).value == 2
            again.close()
            heard.close()
            publish.close()
    finally:
        enter_context(before)
    assert told[0] == f"127.0.0.1:{port} is lost: it is looked for again"


@pytest.mark.node("system.MqttPublish")
def test_what_cannot_be_sent_now_is_refused_and_not_sent_later():
    port = free_port()
    with broker(port) as address:
        publish = system.MqttPublish(address)
    line = publish._line
    while not line.lost:
        line.wait()
    for quality in (0, 1, 2):
        with pytest.raises(ConnectionError, match="is not there now: it is looked for again"):
            publish(quality, f"lab/{quality}", qos=quality, retain=True)
    with broker(port):
        while line.lost:
            line.wait()
        publish("begin", "lab/begin")
        heard = system.mqtt_subscribe(address, "lab/#", "text")
        publish("end", "lab/end", retain=True)
        assert next(heard) == ("lab/end", "end")
        heard.close()
        publish.close()


@pytest.mark.node("system.MqttPublish")
@pytest.mark.parametrize("quality", [0, 1, 2])
def test_a_connection_that_breaks_while_something_is_sent_is_told_like_one_that_is_away(quality, address):
    publish = system.MqttPublish(address)
    publish.close()
    publish._line.lost = False  # as long as the news of it have not come
    with pytest.raises(ConnectionError, match="is not there now: it is looked for again"):
        publish(1, "lab/x", qos=quality)


FLOW = """
import flodesk
from flodesk.nodes import system


def flow():
    publish = system.MqttPublish("plant")
    for message in system.mqtt_subscribe("plant", "lab/#"):
        sent = publish(message.value, "answers/a", retain=True)


if __name__ == "__main__":
    flodesk.main(flow)
"""
HEADER = """# /// script
# [tool.flodesk.connections]
# plant = "ADDRESS"
# ///
"""


@pytest.mark.node("system.mqtt_subscribe", "system.MqttPublish")
def test_stop_ends_a_flow_that_listens(address):
    events, ended = [], threading.Event()

    def hear(event):
        events.append(event)
        ended.set() if isinstance(event, RunFinished) else None

    publish = system.MqttPublish(address)
    publish([1, 2], "lab/begin", retain=True)
    engine = InProcess(hear)
    try:
        engine.open(HEADER.replace("ADDRESS", address) + FLOW, "flow.py")
        engine.start()
        answers = system.mqtt_subscribe(address, "answers/#")
        assert next(answers).value == [1, 2]
        engine.stop()
        assert ended.wait(60.0)
    finally:
        engine.close()
    answers.close()
    for topic in ("lab/begin", "answers/a"):
        publish(b"", topic, retain=True)
    publish.close()
    assert [event.reason for event in events if isinstance(event, RunFinished)] == ["stopped"]
    assert not [event for event in events if isinstance(event, LogLine)]
