"""Many columns as few: what is left of cases when they are looked at from the right side."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from flodesk.nodes.learn.cases import Model, Seed, core, features
from flodesk.nodes.learn.preparing import instead, replaced
from flodesk.nodes.learn.training import fit_quietly, scaled, tell_unsettled, trained
from flodesk.public import Array, Range, Table, node

Components = Annotated[int, Range(1, 10000)]


class PrincipalComponents(NamedTuple):
    """A table seen along the directions in which it scatters most."""

    table: Table
    weights: Table
    shares: Array
    model: Model


@node(
    title="Principal components",
    tags=("pca", "reduce", "dimensionality", "eigenvectors", "karhunen loeve", "decorrelate", "svd"),
    pure=True,
)
def pca(
    table: Table,
    components: Components = 2,
    target: str = "target",
    columns: list[str] | None = None,
    scale: bool = True,
) -> PrincipalComponents:
    """Look at cases along the few directions in which they scatter most.

    Parameters
    ----------
    table : Table
        A row for each case.
    components : int
        Number of directions.
    target : str
        Name of a column that stays as it is; the table need not have it.
    columns : list of str, optional
        Names of the columns to look at; all others of numbers if there are none.
    scale : bool
        Bring each column to deviation 1 first, as is right for different units; else they keep their unit.

    Returns
    -------
    table : Table
        The other columns as they are, and ``pc1``, ``pc2`` ... instead of those that were looked at.
    weights : Table
        A row for each of those: its name under ``column``, and what it counts in each component.
    shares : Array
        Share of all scatter in each component (dimensionless), shape (components,).
    model : Model
        What was found, for *Transform*.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        No table came, or a column holds no numbers.
    ValueError
        A value is missing, or there are fewer columns or cases than components.

    Notes
    -----
    Reference: I. Jolliffe, Principal Component Analysis, 2nd ed., 2002, chapters 2 and 3. Each component counts its
    largest weight as positive.

    Examples
    --------
    >>> found = learn.pca(pd.DataFrame({"x": [0.0, 3.0], "y": [0.0, 4.0]}), components=1, scale=False)
    >>> found.table.pc1.round(6).tolist(), found.weights.pc1.round(6).tolist()
    ([-2.5, 2.5], [0.6, 0.8])
    """
    import pandas
    from sklearn.decomposition import PCA

    looked = features(table, columns, target)
    _check_components(components, min(looked.shape))
    model = trained(scaled(PCA(components, svd_solver="full"), scale), looked)
    inner = core(model)
    names = [f"pc{number}" for number in range(1, components + 1)]
    weights = pandas.DataFrame(inner.components_.T, columns=names)
    weights.insert(0, "column", list(looked.columns))
    made = replaced(table, model, looked)
    return PrincipalComponents(made, weights, inner.explained_variance_ratio_, model)


@node(
    title="t-SNE",
    tags=("reduce", "dimensionality", "map", "visualise", "embedding", "manifold", "umap"),
    pure=True,
)
def t_sne(
    table: Table,
    components: Annotated[int, Range(1, 3)] = 2,
    perplexity: Annotated[float, Range(1, 1000)] = 30.0,
    target: str = "target",
    columns: list[str] | None = None,
    scale: bool = True,
    seed: Seed = 0,
) -> Table:
    """Draw a map of cases on which neighbours stay neighbours; what is far apart on it may be at any distance.

    Parameters
    ----------
    table : Table
        A row for each case; some thousand take a minute.
    components : int
        Number of directions of the map.
    perplexity : float
        How many neighbours of a case count, about; below the number of cases.
    target : str
        Name of a column that stays as it is; the table need not have it.
    columns : list of str, optional
        Names of the columns to look at; all others of numbers if there are none.
    scale : bool
        Bring each column to mean 0 and deviation 1 first, so that all count alike.
    seed : int
        Which random numbers (dimensionless): the same seed gives the same map.

    Returns
    -------
    Table
        The other columns as they are, and ``map1``, ``map2`` ... instead of those that were looked at.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        No table came, or a column holds no numbers.
    ValueError
        A value is missing, or there are not more cases than the perplexity.

    Notes
    -----
    Reference: L. van der Maaten, G. Hinton, Visualizing data using t-SNE, J. Mach. Learn. Res. 9 (2008) 2579.

    Examples
    --------
    >>> cases = pd.DataFrame({"x": [0.0, 0.1, 9.0, 9.1, 0.2, 9.2], "target": list("aabbab")})
    >>> list(learn.t_sne(cases, perplexity=2.0).columns)
    ['target', 'map1', 'map2']
    """
    from sklearn.manifold import TSNE

    looked = features(table, columns, target)
    if len(looked) <= perplexity:
        raise ValueError(f"{len(looked)} cases have no {perplexity:g} neighbours: lower the perplexity")
    init = "pca" if min(looked.shape) >= components else "random"
    model = scaled(TSNE(components, perplexity=perplexity, init=init, random_state=seed), scale)
    return instead(table, list(looked.columns), model.fit_transform(looked), "map")


class Factors(NamedTuple):
    """A table as sums of parts."""

    table: Table
    parts: Table
    model: Model
    error: float


@node(
    title="Non-negative factors",
    tags=("nmf", "reduce", "matrix factorization", "nnmf", "parts", "unmixing", "topics", "spectra"),
    pure=True,
)
def nmf(
    table: Table,
    components: Components = 2,
    target: str = "target",
    columns: list[str] | None = None,
    rounds: Annotated[int, Range(1, 1000000)] = 1000,
    seed: Seed = 0,
) -> Factors:
    """Find a few parts of which all cases are sums, nothing negative: spectra of mixtures, topics of texts.

    Parameters
    ----------
    table : Table
        A row for each case.
    components : int
        Number of parts.
    target : str
        Name of a column that stays as it is; the table need not have it.
    columns : list of str, optional
        Names of the columns to look at, in one unit; all others of numbers if there are none.
    rounds : int
        Number of rounds to look for the best parts, at most; the log tells if they were too few.
    seed : int
        Which random numbers (dimensionless): the same seed gives the same parts.

    Returns
    -------
    table : Table
        The other columns as they are, and ``factor1``, ``factor2`` ... instead: how much there is of each part.
    parts : Table
        A row for each part, with a column for each that was looked at: what the part is, in their unit.
    model : Model
        What was found, for *Transform*.
    error : float
        Root of the sum of the squares of what is left, in the unit of the columns.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        No table came, or a column holds no numbers.
    ValueError
        A value is missing or negative, or there are fewer columns or cases than components.

    Notes
    -----
    Reference: D. Lee, H. Seung, Learning the parts of objects by non-negative matrix factorization, Nature 401 (1999)
    788.

    Examples
    --------
    >>> found = learn.nmf(pd.DataFrame({"x": [1.0, 2.0, 4.0], "y": [2.0, 4.0, 8.0]}), components=1)
    >>> (found.table.factor1 / found.table.factor1[0]).round(3).tolist()
    [1.0, 2.0, 4.0]
    """
    import pandas
    from sklearn.decomposition import NMF

    looked = features(table, columns, target)
    low = looked.min()
    if low.min() < 0.0:
        raise ValueError(f"column {low.idxmin()!r} holds {low.min():g}: all must be 0 or above")
    _check_components(components, min(looked.shape))
    model = fit_quietly(NMF(components, max_iter=rounds, random_state=seed), looked)
    if model.reconstruction_err_ > 1e-6 * float((looked.to_numpy() ** 2).sum()) ** 0.5:
        tell_unsettled(model)  # what is told whole goes on for ever, as it is measured by what is left
    parts = pandas.DataFrame(model.components_, columns=looked.columns)
    made = replaced(table, model, looked)
    return Factors(made, parts, model, float(model.reconstruction_err_))


def _check_components(components: int, most: int) -> None:
    if not 1 <= components <= most:
        raise ValueError(f"{components} components are asked for: the table allows 1 to {most}")
