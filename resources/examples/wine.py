# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk[learn]"]
#
# [tool.flodesk]
# version = 1
# title = "Wine clusters"
# tags = ["learning", "statistics"]
#
# [tool.flodesk.canvas.flow]
# clusters = [0, 320]
# whole = [280, 320]
# wines = [0, -20]
# found = [560, 160]
# flat = [560, -340]
# across = [840, -340]
# alike = [840, 640]
# rand = [1120, 640]
# apart = [840, 460]
# quality = [1120, 460]
# told = [840, 180]
# clustered = [1120, 160]
# known = [840, -80]
# growers = [1120, -140]
#
# [tool.flodesk.panel.flow]
# clusters = [0, 6, 4, 2]
# growers = [6, 0, 6, 6]
# rand = [4, 6, 4, 2]
# quality = [8, 6, 4, 2]
# clustered = [0, 0, 6, 6]
# ///
"""Do thirteen chemical figures tell whose wine it is? Clusters are found without the answer, and compared with it."""
from typing import NamedTuple

import numpy as np

import flodesk
from flodesk import Array, Table
from flodesk.nodes import control, learn, maths, show, source, table


class Groups(NamedTuple):
    """A height for each case in the row of its group, NaN in the others."""

    first: Array
    second: Array
    third: Array
    others: Array


def groups(places: Table, cases: Table, by: str = "cluster", height: str = "pc2") -> Groups:
    """Part the heights of places by the group of their cases; from the fourth group on they are the others."""
    number = np.unique(cases[by], return_inverse=True)[1].clip(max=3)
    return Groups(*(np.where(number == which, places[height], np.nan) for which in range(4)))


def flow():
    clusters = control.slider(3.0, minimum=2.0, maximum=8.0, step=1.0, label="Clusters")
    whole = maths.whole(clusters)
    wines = source.dataset("wine")
    found = learn.k_means(wines, clusters=whole)
    flat = learn.pca(wines)
    across = table.column(flat.table, "pc1")
    told = groups(flat.table, found.table, by="cluster")
    clustered = show.scatter(
        across,
        told.first,
        told.second,
        told.third,
        told.others,
        title="Clusters that were found",
        names="first, second, third, others",
        x_label="First component",
        y_label="Second component",
    )
    known = groups(flat.table, wines, by="target")
    growers = show.scatter(
        across,
        known.first,
        known.second,
        known.third,
        title="Who grew them",
        names="first, second, third",
        x_label="First component",
        y_label="Second component",
    )
    apart = learn.silhouette(found.table)
    quality = show.number(apart, title="How far apart", digits=4)
    alike = learn.agreement(found.table)
    rand = show.number(alike.rand, title="Agreement with the growers", digits=4)


if __name__ == "__main__":
    flodesk.main(flow)
