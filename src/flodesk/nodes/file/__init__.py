"""Files. A relative name counts from the folder of the flow's file."""

from __future__ import annotations

from flodesk.nodes.file.archives import unzip, zip_files
from flodesk.nodes.file.arrays import read_npy, read_npz, write_npy, write_npz
from flodesk.nodes.file.folders import each_file, list_files, watch_folder
from flodesk.nodes.file.formats import read_excel, read_parquet, write_excel, write_parquet
from flodesk.nodes.file.lines import read_jsonl, write_jsonl
from flodesk.nodes.file.moving import checksum, copy, delete, move
from flodesk.nodes.file.pictures import read_image, write_image
from flodesk.nodes.file.plain import read_column, read_csv, read_json, read_text, write_csv, write_json, write_text
from flodesk.nodes.file.sounds import read_wav, write_wav

__all__ = [
    "checksum", "copy", "delete", "each_file", "list_files", "move", "read_column", "read_csv", "read_excel",
    "read_image", "read_json", "read_jsonl", "read_npy", "read_npz", "read_parquet", "read_text", "read_wav", "unzip",
    "watch_folder", "write_csv", "write_excel", "write_image", "write_json", "write_jsonl", "write_npy", "write_npz",
    "write_parquet", "write_text", "write_wav", "zip_files",
]  # fmt: skip

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
