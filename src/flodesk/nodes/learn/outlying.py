"""Cases that are unlike the others: faults, frauds, slips of a hand."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from flodesk.nodes._columns import check_new
from flodesk.nodes.learn.cases import Model, Seed, core, features, looked_at
from flodesk.nodes.learn.training import scaled, trained
from flodesk.public import Range, Table, node

Share = Annotated[float, Range(0.0001, 0.5)]


class Outliers(NamedTuple):
    """Cases with a mark on those that are unlike the others."""

    table: Table
    model: Model


@node(
    tags=("anomaly detection", "outliers", "novelty", "fault", "iforest", "unusual", "one class"),
    pure=True,
)
def isolation_forest(
    table: Table,
    share: Share | None = None,
    target: str = "target",
    columns: list[str] | None = None,
    trees: Annotated[int, Range(1, 10000)] = 100,
    seed: Seed = 0,
) -> Outliers:
    """Find cases that few questions drawn by chance set apart from all others.

    Parameters
    ----------
    table : Table
        A row for each case.
    share : float, optional
        Share of the cases that are outliers, up to 0.5 (dimensionless); None marks those with a score above 0.5.
    target : str
        Name of a column that it must not see, such as the answer; the table need not have it.
    columns : list of str, optional
        Names of the columns to look at; all others of numbers if there are none.
    trees : int
        Number of trees.
    seed : int
        Which random numbers (dimensionless): the same seed gives the same model.

    Returns
    -------
    table : Table
        The table with the columns ``outlier`` (true or false) and ``score``, from 0 to 1: the higher, the more unusual.
    model : Model
        What was learnt, for *Find outliers*.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        No table came, or a column holds no numbers.
    ValueError
        A value is missing, the share is not above 0 and up to 0.5, or a column ``outlier`` or ``score`` is there.

    Notes
    -----
    Reference: F. Liu, K. Ting, Z.-H. Zhou, Isolation forest, ICDM 2008.

    Examples
    --------
    >>> volts = pd.DataFrame({"volt": [5.0, 5.1, 4.9, 5.0, 9.0, 5.1]})
    >>> learn.isolation_forest(volts, share=0.2).table.outlier.tolist()
    [False, False, False, False, True, False]
    """
    from sklearn.ensemble import IsolationForest

    looked = features(table, columns, target)
    model = IsolationForest(n_estimators=trees, contamination=_checked(share) or "auto", random_state=seed)
    trained(model, looked)
    return Outliers(find_outliers(model, table), model)


@node(tags=("anomaly detection", "novelty", "apply", "live", "fault", "monitor"), pure=True)
def find_outliers(model: Model, table: Table) -> Table:
    """Mark the cases of another table that are unlike those that a model has learnt.

    Parameters
    ----------
    model : Model
        From *Isolation forest*.
    table : Table
        A row for each case, with the columns that the model was trained with.

    Returns
    -------
    Table
        The table with the columns ``outlier`` (true or false) and ``score``, from 0 to 1: the higher, the more unusual.

    Raises
    ------
    LookupError
        A column that the model looks at is missing.
    TypeError
        No model or no table came, or this model finds no outliers.
    ValueError
        A value is missing, or a column ``outlier`` or ``score`` is there already.

    Examples
    --------
    >>> found = learn.isolation_forest(pd.DataFrame({"volt": [4.9, 5.0, 5.0, 5.1, 5.1, 5.2]}))
    >>> learn.find_outliers(found.model, pd.DataFrame({"volt": [5.0, 7.0]})).outlier.tolist()
    [False, True]
    """
    looked = looked_at(model, table)
    if not hasattr(model, "score_samples") or not hasattr(model, "offset_"):
        raise TypeError(f"{type(core(model)).__name__} finds no outliers: wire an isolation forest to it")
    check_new(table, "outlier", "score")
    score = -model.score_samples(looked)
    return table.assign(outlier=score > -model.offset_, score=score)


@node(
    tags=("lof", "local outlier factor", "anomaly detection", "density", "unusual", "neighbours"),
    pure=True,
)
def local_outliers(
    table: Table,
    share: Share | None = None,
    neighbours: Annotated[int, Range(1, 10000)] = 20,
    target: str = "target",
    columns: list[str] | None = None,
    scale: bool = True,
) -> Table:
    """Find cases around which there is less than around their neighbours.

    Parameters
    ----------
    table : Table
        A row for each case.
    share : float, optional
        Share of the cases that are outliers, up to 0.5 (dimensionless); None marks those with a score above 1.5.
    neighbours : int
        Number of neighbours to compare with; at most all others.
    target : str
        Name of a column that it must not see, such as the answer; the table need not have it.
    columns : list of str, optional
        Names of the columns to look at; all others of numbers if there are none.
    scale : bool
        Bring each column to mean 0 and deviation 1 first, so that all count alike.

    Returns
    -------
    Table
        The table with the columns ``outlier`` (true or false) and ``score``: how many times farther away its neighbours
        are than theirs, about 1 for a usual case.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        No table came, or a column holds no numbers.
    ValueError
        A value is missing, there are fewer than three cases, the share is not above 0 and up to 0.5, or a column
        ``outlier`` or ``score`` is there.

    Notes
    -----
    Reference: M. Breunig, H.-P. Kriegel, R. Ng, J. Sander, LOF: identifying density-based local outliers, SIGMOD 2000.

    Examples
    --------
    >>> volts = pd.DataFrame({"volt": [5.0, 5.1, 4.9, 5.2, 9.0, 4.8]})
    >>> learn.local_outliers(volts, neighbours=3).outlier.tolist()
    [False, False, False, False, True, False]
    """
    from sklearn.neighbors import LocalOutlierFactor

    looked = features(table, columns, target)
    check_new(table, "outlier", "score")
    if len(looked) < 3:
        raise ValueError(f"{len(looked)} cases have too few neighbours: three or more are needed")
    inner = LocalOutlierFactor(min(neighbours, len(looked) - 1), contamination=_checked(share) or "auto")
    scaled(inner, scale).fit_predict(looked)
    score = -inner.negative_outlier_factor_
    return table.assign(outlier=score > -inner.offset_, score=score)


def _checked(share: float | None) -> float | None:
    if share is not None and not 0.0 < share <= 0.5:
        raise ValueError(f"the share of outliers is {share:g}: give one above 0 and up to 0.5, or None")
    return share
