"""What is asked in SQL: a text with names in it, to which values are bound."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

_FILLED_IN = re.compile(r"\{\{\s*[A-Za-z_]\w*\s*(\}\}|[|.\[(])")


def check_text(text: str, mark: str) -> None:
    """Raise unless it is a text of SQL without templates: a value that is filled in could say anything.

    Parameters
    ----------
    mark : str
        What stands for a value in it.
    """
    if not text.strip():
        raise ValueError("there is nothing to ask: write a statement in SQL")
    if found := _FILLED_IN.search(text):
        raise ValueError(
            f"values are not filled into SQL: write {mark} in place of {found[0]}…, and give the value by itself"
        )


def bound(statement: str, values: Mapping[str, Any]) -> Any:
    """Return a statement of SQLAlchemy with these values for its ``:names``.

    Raises
    ------
    ValueError
        A value has no name in it, or a name no value.
    """
    import sqlalchemy

    check_text(statement, ":name")
    made = sqlalchemy.text(statement)
    names = set(made.compile().params)
    if unused := sorted(set(values) - names):
        raise ValueError(f"there is no :{unused[0]} in the statement: write it where the value goes, or unwire it")
    if open_ := sorted(names - set(values)):
        raise ValueError(f"there is no value for :{open_[0]}: wire one to the name {open_[0]}")
    plain = {name: _plain(value) for name, value in values.items()}
    return made.bindparams(
        *(sqlalchemy.bindparam(name, value, expanding=isinstance(value, list)) for name, value in plain.items())
    )


def _plain(value: Any) -> Any:
    """Return what drivers of databases take: numbers of NumPy, times of pandas and missing values are not."""
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    if type(value).__name__ == "NaTType":
        return None
    if hasattr(value, "to_pydatetime") and not hasattr(value, "shape"):
        return value.to_pydatetime()
    if hasattr(value, "dtype") and hasattr(value, "tolist"):
        value = value.tolist()
    return None if isinstance(value, float) and math.isnan(value) else value
