"""Tables: pandas DataFrames, one row a record."""

from __future__ import annotations

from flodesk.nodes.table.adding import add_column, cumulative, rank, rolling, sample
from flodesk.nodes.table.cleaning import drop_duplicates, drop_missing, fill_missing, rename_columns
from flodesk.nodes.table.coding import bin, lookup, normalise, one_hot, split_column
from flodesk.nodes.table.converting import convert_types, parse_dates, resample_time
from flodesk.nodes.table.counting import compare, correlation_table, cross_tab, unique, value_counts
from flodesk.nodes.table.grouping import group_by, pivot, totals
from flodesk.nodes.table.picking import column, count_rows, filter_rows, head, select, sort
from flodesk.nodes.table.report import report_html
from flodesk.nodes.table.shaping import concatenate, from_rows, join, melt, to_rows, transpose
from flodesk.nodes.table.validating import validate

__all__ = [
    "add_column", "bin", "column", "compare", "concatenate", "convert_types", "correlation_table", "count_rows",
    "cross_tab", "cumulative", "drop_duplicates", "drop_missing", "fill_missing", "filter_rows", "from_rows",
    "group_by", "head", "join", "lookup", "melt", "normalise", "one_hot", "parse_dates", "pivot", "rank",
    "rename_columns", "report_html", "resample_time", "rolling", "sample", "select", "sort", "split_column", "to_rows",
    "totals", "transpose", "unique", "validate", "value_counts",
]  # fmt: skip

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
