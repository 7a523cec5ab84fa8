"""Questions in SQL to tables that are wired."""

from __future__ import annotations

from typing import Any

from flodesk.nodes.sql.statements import check_text
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
        The answer.

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
            return connection.execute(query, values or []).df()
        except (duckdb.Error, RuntimeError) as error:
            raise ValueError(f"the question cannot be answered: {error}") from error
