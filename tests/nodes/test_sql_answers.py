"""Questions in SQL, against answers that were counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from flodesk.nodes import sql

PARTS = pd.DataFrame({"lot": ["A", "B", "A"], "ohm": [10.0, 20.0, 30.0]})
LOTS = pd.DataFrame({"lot": ["A", "B"], "maker": ["ACME", "Bolt"]})


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
