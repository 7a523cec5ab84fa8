"""Questions in SQL, against answers that were counted by hand; databases are real files of SQLite."""

from __future__ import annotations

import datetime
import sqlite3

import numpy as np
import pandas as pd
import pytest
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from flodesk.nodes import sql
from flodesk.public import PlainContext, context, enter_context

PARTS = pd.DataFrame({"lot": ["A", "B", "A"], "ohm": [10.0, 20.0, 30.0]})
LOTS = pd.DataFrame({"lot": ["A", "B"], "maker": ["ACME", "Bolt"]})


@pytest.fixture
def parts(tmp_path):
    """Give a database that another program wrote, with a table of parts."""
    place = tmp_path / "lab.db"
    with sqlite3.connect(place) as connection:
        connection.execute("CREATE TABLE parts (lot TEXT, ohm REAL, made TEXT)")
        rows = [("A", 10.0, "2024-02-29 00:00:00.000000"), ("B", 20.0, None), ("A", None, None)]
        connection.executemany("INSERT INTO parts VALUES (?, ?, ?)", rows)
    connection.close()
    return str(place)


def rows_of(place, table="parts"):
    connection = sqlite3.connect(place)
    try:
        return connection.execute(f"SELECT * FROM {table}").fetchall()
    finally:
        connection.close()


@pytest.mark.node("sql.query_tables")
def test_tables_are_asked():
    joined = "SELECT maker, sum(ohm) AS ohm FROM t1 JOIN t2 USING (lot) GROUP BY maker ORDER BY maker"
    assert sql.query_tables(PARTS, LOTS, query=joined).to_numpy().tolist() == [["ACME", 40.0], ["Bolt", 20.0]]
    wanted = "SELECT ohm FROM t1 WHERE lot = ?"
    assert sql.query_tables(PARTS, query=wanted, values=["B"]).ohm.tolist() == [20.0]
    assert len(sql.query_tables(PARTS, query=wanted, values=["B' OR 1=1 --"])) == 0
    with pytest.raises(ValueError, match=r"the question cannot be answered: .*t3"):
        sql.query_tables(PARTS, LOTS, query="SELECT * FROM t3")
    with pytest.raises(TypeError, match="a table is needed, and list came"):
        sql.query_tables([1])
    with pytest.raises(ValueError, match=r"not filled into SQL: write \? in place of {{ lot }}"):
        sql.query_tables(PARTS, query="SELECT * FROM t1 WHERE lot = '{{ lot }}'")


BIG = 9007199254740993
"""What a float rounds to …992."""


@pytest.mark.node("sql.query_tables")
def test_sums_of_whole_numbers_are_exact():
    lots = pd.Categorical(["it's B", "A"], ["it's B", "A"], ordered=True)
    counts = pd.DataFrame({"lot": lots, "n": [BIG, 2]})
    assert sql.query_tables(counts, query="SELECT sum(n) AS n FROM t1; -- of all").n.tolist() == [BIG + 2]
    answer = sql.query_tables(counts, query='SELECT lot, 1 AS n, sum(n) AS n, 0.5 AS "a""b" FROM t1 GROUP BY lot')
    assert list(answer.columns) == ["lot", "n", "n_1", 'a"b']
    assert dict(zip(answer.lot, answer.n_1, strict=True)) == {"it's B": BIG, "A": 2}
    assert answer.lot.cat.categories.tolist() == ["it's B", "A"]
    assert str(answer.n_1.dtype) == "int64"
    gap = sql.query_tables(counts, query="SELECT sum(n) FILTER (n > 2) AS n FROM t1 GROUP BY lot")
    assert sorted(gap.n.dropna()) == [BIG]
    assert str(gap.n.dtype) == "Int64"
    large = sql.query_tables(counts, query="SELECT 1::HUGEINT << 100 AS n FROM t1")
    assert large.n.tolist() == [2**100] * 2


@pytest.mark.node("sql.query")
def test_whole_numbers_of_a_database_stay_whole_where_some_are_missing(tmp_path):
    place = str(tmp_path / "lab.db")
    sql.execute(place, "CREATE TABLE ids (id INTEGER, volt)")
    for values in ((BIG, 1), (None, 0.5), (-5, None)):
        sql.execute(place, "INSERT INTO ids VALUES (:id, :volt)", id=values[0], volt=values[1])
    answer = sql.query(place, "SELECT * FROM ids")
    assert str(answer.id.dtype) == "Int64"
    assert answer.id.tolist() == [BIG, pd.NA, -5]
    assert answer.volt.tolist()[:2] == [1.0, 0.5]
    assert str(sql.query(place, "SELECT id FROM ids WHERE id NOT NULL").id.dtype) == "int64"


@pytest.mark.node("sql.query")
def test_a_database_is_asked(parts):
    answer = sql.query(parts, "SELECT lot, ohm FROM parts ORDER BY ohm DESC")
    assert answer.lot.tolist() == ["B", "A", "A"]
    assert answer.ohm.tolist()[:2] == [20.0, 10.0]
    assert answer.ohm.isna().tolist() == [False, False, True]
    assert sql.query(f"sqlite:///{parts}", "SELECT count(*) AS n FROM parts").n.tolist() == [3]
    assert list(sql.query(parts, "SELECT * FROM parts WHERE ohm > 99").columns) == ["lot", "ohm", "made"]


@pytest.mark.parametrize(
    ("test", "value", "found"),
    [
        ("lot = :value", "B", 1),
        ("lot = :value", "B' OR 1=1 --", 0),
        ("ohm > :value", np.float32(15.0), 1),
        ("ohm = :value", np.int64(10), 1),
        ("ohm IN :value", [10.0, 20.0, 99.0], 2),
        ("ohm IN :value", np.array([20.0]), 1),
        ("ohm IN :value", [], 0),
        ("made = :value", pd.Timestamp("2024-02-29"), 1),
        ("made >= :value", datetime.datetime(2024, 2, 1), 1),
        ("ohm IS :value", float("nan"), 1),
        ("made IS :value AND lot = 'B'", pd.NaT, 1),
    ],
)
def test_values_are_bound_whatever_they_are(parts, test, value, found):
    assert len(sql.query(parts, f"SELECT * FROM parts WHERE {test}", value=value)) == found


@pytest.mark.node("sql.query")
def test_questions_that_cannot_be_asked_say_why(parts, tmp_path):
    refused = {
        "SELECT * FROM nix": "refuses: no such table: nix",
        "SELECT lot, lot FROM parts": "two columns are called 'lot'",
        "DELETE FROM parts": "gives no rows, and nothing was done: take Execute",
        "SELECT :ohm": "there is no value for :ohm: wire one",
        "SELECT * FROM parts WHERE lot = {{ lot | upper }}": "not filled into SQL: write :name in place of {{ lot",
        " ": "there is nothing to ask",
    }
    for question, words in refused.items():
        with pytest.raises(ValueError, match=words):
            sql.query(parts, question)
    assert len(rows_of(parts)) == 3
    with pytest.raises(ValueError, match="there is no :volt in the statement"):
        sql.query(parts, "SELECT 1", volt=3.0)
    with pytest.raises(FileNotFoundError, match=r"there is no file .*none\.db"):
        sql.query(str(tmp_path / "none.db"), "SELECT 1")
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "bad.db").write_text("no database" * 99)
    with pytest.raises(ValueError, match="refuses: file is not a database"):
        sql.query(str(tmp_path / "bad.db"), "SELECT * FROM parts")


@pytest.mark.node("sql.execute")
def test_rows_are_changed_all_or_none(parts):
    assert sql.execute(parts, "UPDATE parts SET ohm = ohm + :more WHERE lot = :lot", more=1.0, lot="A") == 2
    assert [row[1] for row in rows_of(parts)] == [11.0, 20.0, None]
    with pytest.raises(ValueError, match="only execute one statement"):
        sql.execute(parts, "DELETE FROM parts; DELETE FROM parts")
    sql.execute(parts, "CREATE TABLE kept (lot TEXT NOT NULL)")
    with pytest.raises(ValueError, match="refuses: NOT NULL constraint failed"):
        sql.execute(parts, "INSERT INTO kept SELECT lot FROM (SELECT 'A' AS lot UNION ALL SELECT NULL)")
    assert rows_of(parts, "kept") == []
    assert sql.execute(str(parts).replace("lab", "new"), "CREATE TABLE t (a)") == 0


@pytest.mark.node("sql.write_table")
def test_a_table_is_written_added_to_replaced_or_refused(tmp_path):
    place = str(tmp_path / "lab.sqlite")
    table = PARTS.assign(ohm=[10.0, None, 30.0], ok=[True, False, True], n=[1, 2, 3])
    assert sql.write_table(table, place, "a part") == 3
    assert rows_of(place, '"a part"') == [("A", 10.0, 1, 1), ("B", None, 0, 2), ("A", 30.0, 1, 3)]
    assert sql.write_table(table.head(1), place, "a part") == 1
    assert len(rows_of(place, '"a part"')) == 4
    with pytest.raises(ValueError, match="there is a table 'a part' in the database: choose another name, append"):
        sql.write_table(table, place, "a part", existing="fail")
    assert sql.write_table(LOTS, place, "a part", existing="replace") == 2
    assert rows_of(place, '"a part"') == [("A", "ACME"), ("B", "Bolt")]
    with pytest.raises(ValueError, match="has no name"):
        sql.write_table(LOTS, place, " ")
    with pytest.raises(TypeError, match="a table is needed, and list came"):
        sql.write_table([1], place, "t")


@pytest.mark.node("sql.write_table")
def test_what_cannot_be_written_leaves_the_old_table_as_it_was(parts):
    before = rows_of(parts)
    with pytest.raises(ValueError, match=r"refuses: Error binding parameter 1.*'list' is not supported$"):
        sql.write_table(pd.DataFrame({"lot": ["A", ["B"]]}), parts, "parts", existing="replace")
    with pytest.raises(ValueError, match=r"refuses: table parts has no column named volt$"):
        sql.write_table(PARTS.assign(volt=1.0), parts, "parts")
    assert rows_of(parts) == before
    assert sql.list_tables(parts) == ["parts"]


@pytest.mark.node("sql.list_tables")
def test_tables_and_views_are_listed(parts):
    sql.execute(parts, "CREATE VIEW also AS SELECT * FROM parts")
    assert sql.list_tables(parts) == ["also", "parts"]


# ------------------------------------------------------------------ which database
@pytest.fixture
def connections(tmp_path, parts):
    """Run in a flow beside the database, with these connections in its header."""
    named = {"orders": "sqlite:///lab.db", "hidden": "secret:ORDERS", "leaky": "leaky://lab:secret:ORDERS_DB@h/o"}

    class Flow(PlainContext):
        def connection(self, name):
            return named.get(name, name)

        def path(self, name):
            return tmp_path / name

    before = context()
    enter_context(Flow())
    yield named
    enter_context(before)


def test_a_database_goes_by_the_name_of_a_connection_and_its_file_counts_from_the_flow(connections, monkeypatch):
    assert sql.list_tables("orders") == ["parts"]
    assert sql.list_tables("lab.db") == ["parts"]
    monkeypatch.setenv("FLODESK_SECRET_ORDERS", "sqlite:///lab.db")
    assert sql.list_tables("hidden") == ["parts"]


@pytest.mark.parametrize(
    ("database", "error", "words"),
    [
        ("", ValueError, "no database is named"),
        ("orders", ValueError, "'orders' is no connection of this flow, no address"),
        ("lab:hunter2@host", ValueError, "the database is no connection of this flow"),
        ("://", ValueError, "cannot be read: write dialect://user:secret:NAME@host/database"),
        ("postgresql://lab:hunter2@host:port/x", ValueError, "the address of the database cannot be read"),
        ("nonsense://lab@host/x", ValueError, "no kind of database called 'nonsense'"),
        ("sqlite://", ValueError, "in memory is gone"),
        ("postgresql://lab:hunter2@host/x", ValueError, "a password does not stand in a flow: write secret:NAME"),
        ("mysql://host/x?password=hunter2", ValueError, "a password does not stand in a flow"),
        ("snowflake://lab@host/x?token=hunter2", ValueError, "a password does not stand in a flow"),
        ("databricks://host/x?access_token=hunter2", ValueError, "a password does not stand in a flow"),
        ("snowflake://lab@host/x?Private_Key_Passphrase=hunter2", ValueError, "a password does not stand in a flow"),
        ("postgresql://lab:secret:NOT_HERE@host/x", LookupError, "set the environment variable FLODESK_SECRET_NOT_H"),
        ("firebird+nix://host/x", ValueError, "no kind of database called 'firebird.nix'"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused_and_no_password_repeated(database, error, words):
    with pytest.raises(error, match=words) as told:
        sql.list_tables(database)
    assert "hunter2" not in str(told.value)


class Leaky(SQLiteDialect_pysqlite):
    """A driver that writes the password into its messages."""

    def create_connect_args(self, url):
        return [url.password], {}

    def connect(self, password):
        raise sqlite3.OperationalError(f"no entry for lab with password {password!r}, tried lab:p%40ss%2Fhunter2")


def test_a_password_of_a_drivers_message_is_struck_out(connections, monkeypatch):
    monkeypatch.setitem(registry.impls, "leaky", lambda: Leaky)
    monkeypatch.setenv("FLODESK_SECRET_ORDERS_DB", "p@ss/hunter2")
    with pytest.raises(ValueError, match="refuses: no entry for lab with password '\\*\\*\\*', tried lab:\\*\\*\\*"):
        sql.list_tables("leaky")
