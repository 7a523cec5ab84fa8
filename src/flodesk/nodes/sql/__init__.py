"""Questions in SQL: to databases, and to tables that are wired.

A database goes by the name of a connection, whose address stands in the flow's header as SQLAlchemy writes it. A
password is a reference, which the run looks up: see the file format::

    [tool.flodesk.connections]
    orders = "postgresql://lab:secret:ORDERS_DB@10.0.0.7/orders"

Instead of a name an address may be given, or the name of a file of SQLite (``lab.db``, ``lab.sqlite``).
"""

from __future__ import annotations

from flodesk.nodes.sql.databases import execute, list_tables, query, write_table
from flodesk.nodes.sql.tables import query_tables

__all__ = ["execute", "list_tables", "query", "query_tables", "write_table"]

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
