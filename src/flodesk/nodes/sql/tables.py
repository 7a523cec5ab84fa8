"""Questions in SQL to tables that are wired."""

from __future__ import annotations

from typing import Any

from flodesk.nodes.sql.statements import check_text
from flodesk.nodes.sql.whole import whole
from flodesk.public import Table, Template, node


@node(title="Query tables", tags=("duckdb", "select", "sql", "database", "join", "group by"), pure=False)
def query_tables(*tables: Table, query: Template = "SELECT * FROM t1", values: list[Any] | None = None) -> Table:
    """Ask tables that are wired in a question in SQL, with no database needed.

    Parameters
    ----------
    *tables : Table
        The tables: in the question they are called ``t1``, ``t2`` and so on, in the order of their wires.
    query : str
        The question, in DuckDB's SQL. It may name files, too: ``FROM 'volts.parquet'``, by their whole path.
    values : list, optional
        What stands for each ``?`` in it, in their order. A value is never a part of the text.

    Returns
    -------
    Table
        The answer. Whole numbers stay whole, sums of them too (Int64 where some are missing); DECIMAL comes as floats
        of about 15 digits: cast it to VARCHAR in the question to have all digits.

    Raises
    ------
    TypeError
        What is wired is no table.
    ValueError
        The question cannot be answered; the text says why.

    Examples
    --------
    >>> parts = pd.DataFrame({"lot": ["A", "B", "A"], "ohm": [10.0, 20.0, 30.0]})
    >>> sql.query_tables(parts, query="SELECT lot, avg(ohm) AS ohm FROM t1 WHERE lot = ? GROUP BY lot", values=["A"])
      lot   ohm
    0   A  20.0
    """
    import duckdb

    check_text(query, "?")
    with duckdb.connect() as connection:
        for number, table in enumerate(tables, 1):
            if not hasattr(table, "columns"):
                raise TypeError(f"a table is needed, and {type(table).__name__} came: wire a table to it")
            connection.register(f"t{number}", table)
        try:
            connection.execute("SET arrow_lossless_conversion = true")
            connection.execute(query, values or [])
            return _fetched(connection)
        except (duckdb.Error, RuntimeError) as error:
            raise ValueError(f"the question cannot be answered: {error}") from error


def _fetched(connection: Any) -> Any:
    """Return the rows of the last answer, with its integers of 128 bits, as sums are, by way of text: not as floats."""
    import warnings

    kinds = [str(kind) for _, kind, *_ in connection.description]
    wide = [at for at, kind in enumerate(kinds) if kind in ("HUGEINT", "UHUGEINT")]
    if not wide:
        return connection.df()
    # the question may end in anything, and is not asked twice: so it is its answer that is asked
    names = [name.replace('"', '""') for name, *_ in connection.description]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Arrow output", UserWarning)  # that the rows are copied once
        connection.register("answer", connection.to_arrow_table())
    casts = ["::VARCHAR" if at in wide else f"::{kind}" * kind.startswith("ENUM(") for at, kind in enumerate(kinds)]
    parts = [f'#{at}{cast} AS "{name}"' for at, (cast, name) in enumerate(zip(casts, names, strict=True), 1)]
    found = connection.execute(f"SELECT {', '.join(parts)} FROM answer").df()
    for at in wide:
        found.isetitem(at, whole([int(text) if isinstance(text, str) else None for text in found.iloc[:, at]]))
    return found
