"""The computer and its network: programs, e-mail, MQTT, log files.

Servers go by an address or by the name of a connection, whose address stands in the flow's header::

    [tool.flodesk.connections]
    mail = "smtp://me:secret:MAIL@smtp.example.org"
    plant = "mqtt://broker.example.org"

A password stands in no flow: ``secret:NAME`` in its place is looked up when the node runs, in the environment variable
``FLODESK_SECRET_NAME`` or the keyring of the system. *Stop* ends whatever a node waits for.
"""

from __future__ import annotations

from flodesk.nodes.system.computer import Computer as Computer
from flodesk.nodes.system.computer import Space as Space
from flodesk.nodes.system.computer import computer, disk_space, environment_variable
from flodesk.nodes.system.logs import LogFile
from flodesk.nodes.system.mail import send_email
from flodesk.nodes.system.mqtt import Message as Message
from flodesk.nodes.system.mqtt import MqttPublish, mqtt_subscribe
from flodesk.nodes.system.programs import Done as Done
from flodesk.nodes.system.programs import command

__all__ = [
    "LogFile", "MqttPublish", "command", "computer", "disk_space", "environment_variable", "mqtt_subscribe",
    "send_email",
]  # fmt: skip

for _name in (*__all__, "Computer", "Done", "Message", "Space"):  # scripts and saved values know them by this name
    globals()[_name].__module__ = __name__
