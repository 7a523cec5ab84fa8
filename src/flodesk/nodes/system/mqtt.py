"""MQTT: messages to and from a broker."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Annotated, Any, Literal, NamedTuple

from flodesk.nodes._blocking import waited_for
from flodesk.nodes._json import as_json
from flodesk.nodes._network import server, unanswered
from flodesk.public import Range, Unit, context, node

Seconds = Annotated[float, Unit("s"), Range(0.001)]
Quality = Annotated[int, Range(0, 2)]

_PORTS = {"mqtt": 1883, "mqtts": 8883}
_WAITING = 10_000
"""How many messages that came wait for the loop; of more the oldest go."""

_LEAVE_SECONDS = 1.2
"""How long the end of a connection is waited for; one that is looked for again looks each second whether it is over."""


class _Line:
    """A connection to a broker, which comes back by itself when it is lost.

    Attributes
    ----------
    news : threading.Event
        Is set when anything has happened.
    lost : bool
        It was there, and is not now.
    """

    def __init__(self, broker: str, timeout: float, topic: str = "", qos: int = 0) -> None:
        from paho.mqtt import client as paho

        if not timeout > 0.0:
            raise ValueError(f"the timeout is {timeout:g} s: it must be above 0 s")
        self.place = server(broker, _PORTS, "mqtts://me:secret:NAME@broker.example.org")
        self.place.keep_password(self.place.scheme == "mqtts", "is not asked over TLS, which mqtts:// does")
        self.news, self.lost = threading.Event(), False
        self.come: deque[Any] = deque(maxlen=_WAITING)
        self.dropped = 0
        self._there: Any = None
        self._topic, self._qos = topic, qos
        self.client = made = paho.Client(paho.CallbackAPIVersion.VERSION2)
        made.on_connect, made.on_disconnect, made.on_message = self._connected, self._left, self._message
        made.on_publish = lambda *told: self.news.set()
        made.connect_timeout = timeout
        if self.place.user:
            made.username_pw_set(self.place.user, self.place.password or None)
        if self.place.scheme == "mqtts":
            import ssl

            made.tls_set_context(ssl.create_default_context())
        try:
            waited_for(lambda: made.connect(self.place.host, self.place.port), lambda: None, "MQTT connects")
        except OSError as error:
            raise unanswered(error, self.place.said, timeout) or error from None
        made.loop_start()
        try:
            self._greeted(timeout)
        except BaseException:
            self.close()
            raise

    def wait(self, until: float | None = None) -> bool:
        """Wait for news; False if there are none in time (by `time.monotonic`)."""
        run = context()
        with run.waits(self.news.set):
            told = self.news.wait(None if until is None else max(until - time.monotonic(), 0.0))
            self.news.clear()
            run.check()
        return told

    def close(self) -> None:
        """Leave the broker; where it is just looked for again, that comes to its end by itself."""
        self.client.disconnect()
        ends = threading.Thread(target=self.client.loop_stop, name="MQTT ends", daemon=True)
        ends.start()
        ends.join(_LEAVE_SECONDS)

    def _greeted(self, timeout: float) -> None:
        """Wait until the broker has said whether it wants us."""
        end = time.monotonic() + timeout
        while self._there is None:
            if not self.wait(end):
                raise TimeoutError(
                    f"{self.place.said} was silent for {timeout:g} s: see that it is a broker, and that it is on"
                )
        if self._there.is_failure:
            who = f"{self.place.user} by this password" if self.place.user else "those who give no name"
            raise PermissionError(f"{self.place.said} does not let in {who} ({self._there}): check its address")

    # ---- in the thread of the connection
    def _connected(self, client: Any, data: Any, flags: Any, reason: Any, properties: Any) -> None:
        self._there, self.lost = reason, bool(reason.is_failure)
        if self._topic and not self.lost:
            client.subscribe(self._topic, self._qos)
        self.news.set()

    def _left(self, client: Any, data: Any, flags: Any, reason: Any, properties: Any) -> None:
        self.lost = True
        self.news.set()

    def _message(self, client: Any, data: Any, message: Any) -> None:
        self.dropped += len(self.come) == _WAITING
        self.come.append(message)
        self.news.set()


@node(
    title="MQTT publish",
    tags=("mqtt out", "iot", "broker", "send", "message", "mosquitto", "topic", "publisher", "sparkplug"),
    pure=False,
)
class MqttPublish:
    """Send messages to a broker of MQTT; the connection is kept for the whole run.

    A message that is under way when the connection is lost is sent again as soon as that is back: above quality 0 it
    comes at least once, and perhaps twice, also at quality 2 and where the node has said by then that it failed.

    It needs the package paho-mqtt: ``pip install 'flodesk[mqtt]'``.

    Parameters
    ----------
    broker : str
        Name of a connection of the flow, or an address: ``mqtt://broker.example.org``, with a user
        ``mqtts://me:secret:NAME@broker.example.org``; ``mqtts://`` speaks TLS. A password is sent over TLS only, or to
        this computer.
    timeout : float
        How long the broker may be silent, in s.

    Raises
    ------
    OSError
        There is no such broker, it does not let us in, or it would be sent a password in the clear.
    LookupError
        A secret is not here.
    ValueError
        The address makes no sense, or a password is written out.

    Examples
    --------
    >>> publish = system.MqttPublish("mqtt://127.0.0.1:1")
    Traceback (most recent call last):
    ConnectionError: nothing answers at 127.0.0.1:1: see that the server is on, and check the port
    """

    def __init__(self, broker: str, timeout: Seconds = 10.0) -> None:
        self._timeout = timeout
        self._line = _Line(broker, timeout)

    def __call__(self, value: Any, topic: str = "flodesk/value", qos: Quality = 1, retain: bool = False) -> int:
        """Send a message, and wait until the broker has it.

        Parameters
        ----------
        value : Any
            What is sent: a text or bytes as they are, all else as JSON.
        topic : str
            What it is about: ``lab/oven/temperature``.
        qos : int
            How sure it has to be, dimensionless: 0 is sent once, 1 comes at least once, 2 exactly once.
        retain : bool
            Let the broker keep it for those who come later.

        Returns
        -------
        int
            Number of bytes that were sent.

        Raises
        ------
        ConnectionError
            The broker is not there now; it is looked for again by itself.
        TimeoutError
            It has not said in time that it has the message.
        ValueError
            The topic makes no sense, or the value cannot be written as JSON.
        """
        if not topic or {"+", "#", "\0"} & set(topic):
            raise ValueError(f"{topic!r} is no topic to send to: write it as lab/oven/temperature, without + and #")
        data = bytes(value) if isinstance(value, bytes | bytearray) else _text(value).encode()
        line = self._line
        away = ConnectionError(f"{line.place.said} is not there now: it is looked for again")
        if line.lost:  # the client would keep the message, and send it besides that of a second try
            raise away
        sent, end = line.client.publish(topic, data, qos, retain), time.monotonic() + self._timeout
        if sent.rc:  # lost just now
            raise away
        while not sent.is_published():
            if not line.wait(end):
                raise TimeoutError(
                    f"{line.place.said} has not taken the message in {self._timeout:g} s: see that it is on"
                )
        return len(data)

    def close(self) -> None:
        """Leave the broker."""
        self._line.close()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else as_json(value)


class Message(NamedTuple):
    """A message that came.

    Attributes
    ----------
    topic : str
        What it is about.
    value : Any
        What it says.
    """

    topic: str
    value: Any


@node(
    title="MQTT subscribe",
    tags=("mqtt in", "iot", "broker", "receive", "listen", "message", "mosquitto", "topic", "subscriber"),
    pure=False,
)
def mqtt_subscribe(
    broker: str,
    topic: str = "#",
    gives: Literal["json", "text", "bytes"] = "json",
    qos: Quality = 1,
    timeout: Seconds = 10.0,
) -> Iterator[Message]:
    """Give a turn for each message of a topic, until the run is stopped.

    Where the loop is slower than what comes, 10,000 messages wait; of more the oldest go, and the log says so. A
    connection that is lost comes back by itself.

    It needs the package paho-mqtt: ``pip install 'flodesk[mqtt]'``.

    Parameters
    ----------
    broker : str
        Name of a connection of the flow, or an address: ``mqtt://broker.example.org``, with a user
        ``mqtts://me:secret:NAME@broker.example.org``; ``mqtts://`` speaks TLS. A password is sent over TLS only, or to
        this computer.
    topic : str
        What to listen to: ``lab/oven/temperature``; ``+`` stands for any one level (``lab/+/temperature``), and ``#``
        at the end for all below.
    gives : str
        What to make of a message: what its JSON holds, its ``text``, or its ``bytes``.
    qos : int
        How sure it has to be, dimensionless: 0 comes at most once, 1 at least once, 2 exactly once.
    timeout : float
        How long the broker may be silent at the beginning, in s.

    Yields
    ------
    topic : str
        What the message is about.
    value : Any
        What it says.

    Raises
    ------
    OSError
        There is no such broker, it does not let us in, or it would be sent a password in the clear.
    LookupError
        A secret is not here.
    ValueError
        The address or the topic makes no sense, or a message is no JSON.

    Examples
    --------
    >>> readings = system.mqtt_subscribe("mqtt://broker.example.org", "lab/+/temperature")  # listens in the loop
    """
    run = context()
    if not topic or "#" in topic[:-1] or (topic[-1] == "#" and topic[-2:-1] not in ("", "/")):
        raise ValueError(f"{topic!r} is no topic to listen to: write it as lab/+/temperature, or lab/#")
    line, told, lost = _Line(broker, timeout, topic, qos), 0, False
    try:
        while True:
            while not line.come:
                line.wait()
                if line.lost != lost:
                    lost = line.lost
                    run.log(
                        f"{line.place.said} is {'lost: it is looked for again' if lost else 'there again'}", "warning"
                    )
            if line.dropped > told:
                run.log(f"{line.dropped} messages of {line.place.said} are lost: the loop is too slow", "error")
                told = line.dropped * 2
            message = line.come.popleft()
            yield Message(message.topic, _read(message, gives))
    finally:
        line.close()


def _read(message: Any, gives: Literal["json", "text", "bytes"]) -> Any:
    import json

    if gives == "bytes":
        return bytes(message.payload)
    text = bytes(message.payload).decode("utf-8", "replace")
    if gives == "text":
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"a message on {message.topic} is no JSON ({error.msg}), but {text[:60]!r}: choose text, or another topic"
        ) from None
