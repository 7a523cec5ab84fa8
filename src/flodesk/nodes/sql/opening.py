"""From the name of a database to an open connection, with its secrets looked up and kept out of every message."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flodesk.nodes._disk import missing
from flodesk.nodes._network import without
from flodesk.public import context, is_secret, secret

_FILES = (".db", ".db3", ".sqlite", ".sqlite3")
_PASSWORDS = (
    "password", "passwd", "pwd", "sslpassword", "odbc_connect", "token", "access_token", "private_key_passphrase",
)  # fmt: skip
"""What drivers take passwords, and what is as good as one, by in the part of an address behind its question mark."""


@contextmanager
def connected(database: str, makes: bool = False) -> Iterator[Any]:
    """Open a database for one piece of work, which is kept if nothing raises in it, and undone as a whole otherwise.

    Parameters
    ----------
    database : str
        Name of a connection, URL, or file of SQLite.
    makes : bool
        Whether a file of SQLite that is not there is made.

    Raises
    ------
    ValueError
        There is no such database, or it refuses what is asked.
    LookupError
        A secret is not here.
    OSError
        Its file or folder is missing.
    ImportError
        The package that speaks to it is not installed.
    """
    import sqlalchemy

    url, hidden = _address(database)
    if url.get_backend_name() == "sqlite":
        url = _with_file(url, makes)
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    except sqlalchemy.exc.SQLAlchemyError as error:
        # what came before is left out: it holds the whole address
        raise ValueError(f"{_called(database)} refuses: {without(_words(error), hidden)}") from None
    finally:
        engine.dispose()


def _address(database: str) -> tuple[Any, list[str]]:
    """Return the URL of a database, with its secrets, and these by themselves."""
    import sqlalchemy

    name = database.strip()
    if not name:
        raise ValueError("no database is named: enter the name of a connection of this flow, an address, or a file")
    address = context().connection(name)
    whole = is_secret(address)
    if whole:
        address = secret(address)
    if "://" not in address and not whole:
        if Path(address).suffix.lower() not in _FILES:
            raise ValueError(
                f"{_called(database)} is no connection of this flow, no address (dialect://…), and no file that ends"
                f" in {', '.join(_FILES)}: write its address under [tool.flodesk.connections]"
            )
        return sqlalchemy.URL.create("sqlite", database=address), []
    try:
        url = sqlalchemy.make_url(address)
    except (sqlalchemy.exc.ArgumentError, ValueError):
        raise ValueError(
            f"the address of {_called(database)} cannot be read: write dialect://user:secret:NAME@host/database"
        ) from None
    # an address that is a secret as a whole may hold what it likes
    return (url, [str(url.password or ""), address]) if whole else _with_secrets(url)


def _with_secrets(url: Any) -> tuple[Any, list[str]]:
    found = {"": str(url.password)} if url.password else {}
    found |= {key: str(value) for key, value in url.query.items() if key.lower() in _PASSWORDS}
    looked_up = {key: secret(reference) for key, reference in found.items()}
    if "" in looked_up:
        url = url.set(password=looked_up[""])
    return url.update_query_dict({key: value for key, value in looked_up.items() if key}), list(looked_up.values())


def _with_file(url: Any, makes: bool) -> Any:
    """Return the URL of a file of SQLite with its whole path."""
    if (url.database or "").startswith("file:"):
        return url
    if url.database in (None, "", ":memory:"):
        raise ValueError("a database in memory is gone when its node ends: name a file, as in sqlite:///lab.db")
    place = context().path(url.database)
    if place.is_dir():
        raise IsADirectoryError(f"{place} is a folder: choose a file in it")
    if not (place.parent.is_dir() if makes else place.exists()):
        raise missing(place)
    return url.set(database=str(place))


def _engine(url: Any) -> Any:
    import sqlalchemy

    try:
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool, hide_parameters=True)
    except ModuleNotFoundError as error:
        raise ImportError(
            f"databases of {url.drivername} need the package {error.name}: install it with pip", name=error.name
        ) from None
    except sqlalchemy.exc.NoSuchModuleError:
        raise ValueError(
            f"there is no kind of database called {url.drivername!r}: correct the address, or install its package"
        ) from None
    if engine.dialect.driver == "pysqlite":
        # the driver begins no transaction before tables are made or dropped: half of the work would stay
        sqlalchemy.event.listen(engine, "connect", _begins_nothing)
        sqlalchemy.event.listen(engine, "begin", _begin)
    return engine


def _begins_nothing(connection: Any, record: Any) -> None:
    connection.isolation_level = None


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


def _words(error: Exception) -> str:
    own = getattr(error, "orig", None) or error
    return " ".join(str(own.args[-1] if own.args else own).split()) or type(own).__name__


def _called(database: str) -> str:
    """Return what messages call a database: an address may hold a password."""
    return "the database" if "@" in database or "?" in database else f"the database {database.strip()!r}"
