"""The web: services that are asked over HTTP, and files that are fetched from it.

A password, key or token stands in no flow: write ``secret:NAME`` in its place, in a header
(``{"Authorization": "Bearer secret:NAME"}``), a parameter, or an address (``https://me:secret:NAME@example.org``). What
it is stands in the environment variable ``FLODESK_SECRET_NAME`` or the keyring of the system, and is looked up when the
node runs. *Stop* ends a request at any moment.
"""

from __future__ import annotations

from flodesk.nodes.web.requests import Answer as Answer
from flodesk.nodes.web.requests import download, get, request

__all__ = ["download", "get", "request"]

for _name in (*__all__, "Answer"):  # scripts and saved values know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
