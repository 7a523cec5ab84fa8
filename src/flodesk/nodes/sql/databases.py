"""Questions to databases, and tables written into them."""

from __future__ import annotations

from typing import Any, Literal

from flodesk.nodes.sql.opening import connected
from flodesk.nodes.sql.statements import bound
from flodesk.nodes.sql.whole import whole
from flodesk.public import Table, Template, node


@node(
    title="Query database",
    tags=("select", "sql", "sqlite", "postgresql", "mysql", "read", "db", "sqlalchemy"),
    pure=False,
)
def query(database: str, query: Template, **values: Any) -> Table:
    """Ask a database in SQL, and get the rows as a table.

    Parameters
    ----------
    database : str
        Name of a connection of this flow, an address, or a file of SQLite.
    query : str
        The question; ``:name`` stands for a value.
    **values : Any
        The values, each by its name. They are bound to the question and are never a part of its text; a list stands for
        all its values: ``WHERE lot IN :lots``.

    Returns
    -------
    Table
        The answer. SQLite has no dates: they come as text. Whole numbers stay whole (Int64 where some are missing);
        DECIMAL and NUMERIC come as floats of about 15 digits: cast them to text in the question to have all digits.

    Raises
    ------
    ValueError
        There is no such database, the question cannot be answered, or gives no rows; the text says why.
    LookupError
        A secret of its address is not here.
    OSError
        The file is missing.
    ImportError
        The package that speaks to such a database is not installed.

    Examples
    --------
    >>> written = sql.write_table(pd.DataFrame({"lot": ["A", "B"], "ohm": [10.0, 20.0]}), "lab.db", "parts")
    >>> sql.query("lab.db", "SELECT * FROM parts WHERE ohm > :limit", limit=15.0)
      lot   ohm
    0   B  20.0
    """
    import pandas

    statement = bound(query, values)
    with connected(database) as connection:
        answer = connection.execute(statement)
        if not answer.returns_rows:
            raise ValueError("the statement gives no rows, and nothing was done: take Execute for it")
        names = list(answer.keys())
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"two columns are called {twice[0]!r}: name one of them otherwise (AS …)")
        rows = answer.fetchall()
    found = pandas.DataFrame.from_records(rows, columns=names, coerce_float=True)
    for at, name in enumerate(names):
        if found.dtypes.iloc[at] == "float64" and all(type(row[at]) in (int, type(None)) for row in rows):
            found[name] = whole([row[at] for row in rows])
    return found


@node(
    title="Execute SQL",
    tags=("insert", "update", "delete", "create table", "sqlite", "postgresql", "mysql", "db"),
    pure=False,
)
def execute(database: str, statement: Template, **values: Any) -> int:
    """Have a database do something: change rows, make a table.

    Parameters
    ----------
    database : str
        Name of a connection of this flow, an address, or a file of SQLite, which is made if it is not there.
    statement : str
        One statement of SQL; ``:name`` stands for a value.
    **values : Any
        The values, each by its name. They are bound to the statement and are never a part of its text.

    Returns
    -------
    int
        Number of rows that were changed.

    Raises
    ------
    ValueError
        There is no such database, or it refuses the statement: nothing is changed then.
    LookupError
        A secret of its address is not here.
    OSError
        The folder of the file is missing.
    ImportError
        The package that speaks to such a database is not installed.

    Examples
    --------
    >>> sql.execute("lab.db", "CREATE TABLE volts (volt REAL)")
    0
    >>> sql.execute("lab.db", "INSERT INTO volts VALUES (:volt)", volt=4.9)
    1
    """
    made = bound(statement, values)
    with connected(database, makes=True) as connection:
        return max(0, int(connection.execute(made).rowcount))


@node(
    title="Write table to database",
    tags=("insert", "to_sql", "save", "export", "sqlite", "postgresql", "mysql", "db"),
    pure=False,
)
def write_table(
    table: Table, database: str, name: str, existing: Literal["append", "replace", "fail"] = "append"
) -> int:
    """Write a table into a database, all its rows or none.

    Parameters
    ----------
    table : Table
        The table; its row numbers are left out.
    database : str
        Name of a connection of this flow, an address, or a file of SQLite, which is made if it is not there.
    name : str
        Name of the table in the database.
    existing : str
        What to do where there is one: ``"append"`` the rows to it, ``"replace"`` it, or ``"fail"``.

    Returns
    -------
    int
        Number of rows that were written.

    Raises
    ------
    TypeError
        What is wired is no table.
    ValueError
        There is no such database, it has the table already, or refuses a column or a value.
    LookupError
        A secret of its address is not here.
    OSError
        The folder of the file is missing.
    ImportError
        The package that speaks to such a database is not installed.

    Notes
    -----
    SQLite and PostgreSQL undo the whole where something fails; MySQL does not bring a replaced table back.

    Examples
    --------
    >>> sql.write_table(pd.DataFrame({"volt": [4.9, 5.1]}), "lab.db", "volts", existing="replace")
    2
    """
    import pandas
    import sqlalchemy

    if not hasattr(table, "to_sql"):
        raise TypeError(f"a table is needed, and {type(table).__name__} came: wire a table to it")
    if not name.strip():
        raise ValueError("the table in the database has no name: enter one")
    with connected(database, makes=True) as connection:
        if existing == "fail" and sqlalchemy.inspect(connection).has_table(name):
            raise ValueError(f"there is a table {name!r} in the database: choose another name, append, or replace it")
        try:
            table.to_sql(name, connection, if_exists=existing, index=False)
        except pandas.errors.DatabaseError as error:  # it writes the whole statement into its message
            raise error.__cause__ or error from None
    return len(table)


@node(title="Tables of database", tags=("schema", "list", "show tables", "views", "sqlite", "db"), pure=False)
def list_tables(database: str) -> list[str]:
    """List the tables and views of a database.

    Parameters
    ----------
    database : str
        Name of a connection of this flow, an address, or a file of SQLite.

    Returns
    -------
    list of str
        Their names, sorted.

    Raises
    ------
    ValueError
        There is no such database, or it does not answer.
    LookupError
        A secret of its address is not here.
    OSError
        The file is missing.
    ImportError
        The package that speaks to such a database is not installed.

    Examples
    --------
    >>> written = sql.write_table(pd.DataFrame({"volt": [4.9]}), "lab.db", "volts")
    >>> sql.list_tables("lab.db")
    ['volts']
    """
    import sqlalchemy

    with connected(database) as connection:
        seen = sqlalchemy.inspect(connection)
        return sorted([*seen.get_table_names(), *seen.get_view_names()])
