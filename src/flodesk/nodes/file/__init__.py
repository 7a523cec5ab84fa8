"""Files. A relative name counts from the folder of the flow's file."""

from __future__ import annotations

from flodesk.nodes.file.formats import read_excel, read_parquet, write_excel, write_parquet
from flodesk.nodes.file.plain import (
    read_column,
    read_csv,
    read_image,
    read_json,
    read_text,
    write_csv,
    write_json,
    write_text,
)

__all__ = [
    "read_column", "read_csv", "read_excel", "read_image", "read_json", "read_parquet", "read_text", "write_csv",
    "write_excel", "write_json", "write_parquet", "write_text",
]  # fmt: skip

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
