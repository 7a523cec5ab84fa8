"""Cases put together by what they are like, without an answer to learn from."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from flodesk.nodes._columns import check_new
from flodesk.nodes.learn.cases import Model, Seed, answers, core, features, named
from flodesk.nodes.learn.training import scaled, trained
from flodesk.public import Range, Table, node

Count = Annotated[int, Range(1, 1000)]


class Means(NamedTuple):
    """Clusters around their centres."""

    table: Table
    centers: Table
    model: Model
    within: float


@node(title="k-means", tags=("cluster", "kmeans", "segment", "centroids", "vector quantization", "lloyd"), pure=True)
def k_means(
    table: Table,
    clusters: Count = 3,
    target: str = "target",
    columns: list[str] | None = None,
    scale: bool = True,
    starts: Annotated[int, Range(1, 1000)] = 10,
    seed: Seed = 0,
) -> Means:
    """Put cases into a given number of clusters, each around its centre.

    Parameters
    ----------
    table : Table
        A row for each case.
    clusters : int
        Number of clusters.
    target : str
        Name of a column that it must not see, such as the answer; the table need not have it.
    columns : list of str, optional
        Names of the columns to look at; all others of numbers if there are none.
    scale : bool
        Bring each column to mean 0 and deviation 1 first, so that all count alike.
    starts : int
        Number of times it begins anew with other centres; the best is taken.
    seed : int
        Which random numbers (dimensionless): the same seed gives the same clusters.

    Returns
    -------
    table : Table
        The table with a column ``cluster``: numbers from 0.
    centers : Table
        A row for each cluster: its number, its number of ``cases``, and its centre in the units of the columns.
    model : Model
        What was found, to predict the clusters of other cases.
    within : float
        Sum of the squared distances to the centres, in squares of the unit of the columns; of scaled ones
        dimensionless.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        No table came, or a column holds no numbers.
    ValueError
        A value is missing, there are fewer cases than clusters, or a column ``cluster`` already.

    Notes
    -----
    Reference: S. Lloyd, Least squares quantization in PCM, IEEE Trans. Inf. Theory 28 (1982) 129; centres to begin with
    by k-means++.

    Examples
    --------
    >>> found = learn.k_means(pd.DataFrame({"volt": [0.1, 5.0, 0.3, 5.2]}), clusters=2)
    >>> sorted(found.centers.volt.round(3))
    [0.2, 5.1]
    """
    import pandas
    from sklearn.cluster import KMeans

    looked = _for_clusters(table, columns, target, clusters)
    model = trained(scaled(KMeans(clusters, n_init=starts, random_state=seed), scale), looked)
    inner = core(model)
    middle = model[0].inverse_transform(inner.cluster_centers_) if scale else inner.cluster_centers_
    centers = pandas.DataFrame(middle, columns=looked.columns)
    check_new(centers, "cluster", "cases")
    centers.insert(0, "cluster", range(clusters))
    centers.insert(1, "cases", pandas.Series(inner.labels_).value_counts().reindex(range(clusters), fill_value=0))
    return Means(table.assign(cluster=inner.labels_), centers, model, float(inner.inertia_))


@node(title="DBSCAN", tags=("cluster", "density", "noise", "outliers", "spatial"), pure=True)
def dbscan(
    table: Table,
    distance: Annotated[float, Range(1e-9)] = 0.5,
    cases: Annotated[int, Range(1, 100000)] = 5,
    target: str = "target",
    columns: list[str] | None = None,
    scale: bool = True,
) -> Table:
    """Put cases that lie close together into clusters of any form, as many as there are; what is alone is noise.

    Parameters
    ----------
    table : Table
        A row for each case.
    distance : float
        Distance up to which cases are neighbours, in deviations of the columns where they are scaled, else in their
        unit.
    cases : int
        Number of cases within that distance, itself included, that make a case the core of a cluster.
    target : str
        Name of a column that it must not see, such as the answer; the table need not have it.
    columns : list of str, optional
        Names of the columns to look at; all others of numbers if there are none.
    scale : bool
        Bring each column to mean 0 and deviation 1 first, so that all count alike.

    Returns
    -------
    Table
        The table with a column ``cluster``: numbers from 0, and -1 for noise.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        No table came, or a column holds no numbers.
    ValueError
        A value is missing, or there is a column ``cluster`` already.

    Notes
    -----
    Reference: M. Ester, H.-P. Kriegel, J. Sander, X. Xu, A density-based algorithm for discovering clusters, KDD 1996.

    Examples
    --------
    >>> cases = pd.DataFrame({"x": [1.0, 1.1, 9.0, 9.1, 5.0]})
    >>> learn.dbscan(cases, distance=0.2, cases=2, scale=False).cluster.tolist()
    [0, 0, 1, 1, -1]
    """
    from sklearn.cluster import DBSCAN

    looked = _for_clusters(table, columns, target)
    found = scaled(DBSCAN(eps=distance, min_samples=cases), scale).fit_predict(looked)
    return table.assign(cluster=found)


@node(
    title="Hierarchical clusters",
    tags=("agglomerative", "cluster", "ward", "linkage", "dendrogram", "clusterdata", "tree"),
    pure=True,
)
def agglomerative(
    table: Table,
    clusters: Count = 3,
    linkage: Literal["ward", "average", "complete", "single"] = "ward",
    target: str = "target",
    columns: list[str] | None = None,
    scale: bool = True,
) -> Table:
    """Put the two cases or clusters that are nearest together, again and again, until so many are left.

    Parameters
    ----------
    table : Table
        A row for each case; up to some ten thousand, as all distances are kept.
    clusters : int
        Number of clusters.
    linkage : str
        What is near: ``"ward"`` what makes clusters scatter least, ``"average"`` by the mean of all distances,
        ``"complete"`` by the largest of them, ``"single"`` by the smallest.
    target : str
        Name of a column that it must not see, such as the answer; the table need not have it.
    columns : list of str, optional
        Names of the columns to look at; all others of numbers if there are none.
    scale : bool
        Bring each column to mean 0 and deviation 1 first, so that all count alike.

    Returns
    -------
    Table
        The table with a column ``cluster``: numbers from 0.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        No table came, or a column holds no numbers.
    ValueError
        A value is missing, there are fewer cases than clusters, or a column ``cluster`` already.

    Notes
    -----
    Reference: J. Ward, Hierarchical grouping to optimize an objective function, J. Am. Stat. Assoc. 58 (1963) 236.

    Examples
    --------
    >>> found = learn.agglomerative(pd.DataFrame({"x": [1.0, 9.0, 1.1, 9.1]}), clusters=2).cluster
    >>> found[0] == found[2], found[1] == found[3], found[0] == found[1]
    (True, True, False)
    """
    from sklearn.cluster import AgglomerativeClustering

    looked = _for_clusters(table, columns, target, max(clusters, 2))
    found = scaled(AgglomerativeClustering(clusters, linkage=linkage), scale).fit_predict(looked)
    return table.assign(cluster=found)


class Mixture(NamedTuple):
    """Clusters as Gaussians that overlap."""

    table: Table
    model: Model
    bic: float


@node(
    title="Gaussian mixture",
    tags=("cluster", "gmm", "expectation maximization", "em", "soft", "fitgmdist", "density"),
    pure=True,
)
def mixture(
    table: Table,
    clusters: Count = 3,
    form: Literal["full", "tied", "diag", "spherical"] = "full",
    target: str = "target",
    columns: list[str] | None = None,
    scale: bool = True,
    seed: Seed = 0,
) -> Mixture:
    """Put cases into clusters that overlap: each is a Gaussian, and each case is most likely of one.

    Parameters
    ----------
    table : Table
        A row for each case.
    clusters : int
        Number of clusters.
    form : str
        Of the Gaussians: ``"full"`` any, ``"tied"`` one for all, ``"diag"`` along the columns, ``"spherical"`` round.
    target : str
        Name of a column that it must not see, such as the answer; the table need not have it.
    columns : list of str, optional
        Names of the columns to look at; all others of numbers if there are none.
    scale : bool
        Bring each column to mean 0 and deviation 1 first, so that all count alike.
    seed : int
        Which random numbers (dimensionless): the same seed gives the same clusters.

    Returns
    -------
    table : Table
        The table with a column ``cluster`` (numbers from 0) and ``certainty``, the probability that it is that one.
    model : Model
        What was found, to predict clusters of other cases and their probabilities.
    bic : float
        Bayesian information criterion (dimensionless): the number of clusters with the lowest is the best.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        No table came, or a column holds no numbers.
    ValueError
        A value is missing, there are fewer cases than clusters, or a column ``cluster`` or ``certainty`` already.

    Notes
    -----
    Reference: C. M. Bishop, Pattern Recognition and Machine Learning, 2006, section 9.2. The best of five starts.

    Examples
    --------
    >>> found = learn.mixture(pd.DataFrame({"volt": [0.1, 5.0, 0.3, 5.2]}), clusters=2)
    >>> found.table.certainty.round(3).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    from sklearn.mixture import GaussianMixture

    looked = _for_clusters(table, columns, target, max(clusters, 2))
    check_new(table, "certainty")
    model = trained(scaled(GaussianMixture(clusters, covariance_type=form, n_init=5, random_state=seed), scale), looked)
    sure = model.predict_proba(looked)
    bic = core(model).bic(model[0].transform(looked) if scale else looked)
    return Mixture(table.assign(cluster=sure.argmax(axis=1), certainty=sure.max(axis=1)), model, float(bic))


@node(tags=("cluster quality", "validity", "evalclusters", "how many clusters"), pure=True)
def silhouette(
    table: Table, cluster: str = "cluster", target: str = "target", columns: list[str] | None = None, scale: bool = True
) -> float:
    """Tell how well clusters are apart: how much nearer a case is to its own than to the next, mean of all.

    Parameters
    ----------
    table : Table
        A row for each case.
    cluster : str
        Name of the column with the clusters.
    target : str
        Name of a column that is not looked at, such as the answer; the table need not have it.
    columns : list of str, optional
        Names of the columns to look at; all others of numbers if there are none.
    scale : bool
        Bring each column to mean 0 and deviation 1 first, as the clusters were found.

    Returns
    -------
    float
        From -1 (all are in the wrong one) to 1 (far apart), dimensionless.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    ValueError
        A value is missing, or there are not two clusters or more, fewer than cases.

    Notes
    -----
    Reference: P. Rousseeuw, Silhouettes, J. Comput. Appl. Math. 20 (1987) 53.

    Examples
    --------
    >>> round(learn.silhouette(pd.DataFrame({"x": [0.0, 1.0, 10.0, 11.0], "cluster": [0, 0, 1, 1]})), 3)
    0.9
    """
    from sklearn.metrics import silhouette_score
    from sklearn.preprocessing import StandardScaler

    kinds = [named(value) for value in answers(table, cluster).tolist()]
    looked = features(table.drop(columns=cluster), columns, target)
    if not 2 <= len(set(kinds)) < len(kinds):
        raise ValueError(f"{len(set(kinds))} clusters of {len(kinds)} cases: two or more are needed, fewer than cases")
    return float(silhouette_score(StandardScaler().fit_transform(looked) if scale else looked, kinds))


class Agreement(NamedTuple):
    """How alike two ways are to put cases together."""

    rand: float
    information: float


@node(
    title="Agreement of clusters",
    tags=("adjusted rand index", "ari", "mutual information", "ami", "compare clusters", "evaluate"),
    pure=True,
)
def agreement(table: Table, first: str = "target", second: str = "cluster") -> Agreement:
    """Tell how far two columns put the same cases together, whatever they call the clusters.

    Parameters
    ----------
    table : Table
        A row for each case.
    first, second : str
        Names of the columns with classes or clusters.

    Returns
    -------
    rand : float
        Adjusted Rand index: 1 if they agree, about 0 by chance (dimensionless).
    information : float
        Adjusted mutual information: 1 if they agree, about 0 by chance (dimensionless).

    Raises
    ------
    LookupError
        One of the columns does not exist.
    ValueError
        A value is missing.

    Notes
    -----
    Reference: L. Hubert, P. Arabie, Comparing partitions, J. Classif. 2 (1985) 193.

    Examples
    --------
    >>> found = learn.k_means(source.dataset("wine"))
    >>> round(learn.agreement(found.table).rand, 1)
    0.9
    """
    from sklearn import metrics

    one, other = ([named(value) for value in answers(table, name).tolist()] for name in (first, second))
    return Agreement(
        float(metrics.adjusted_rand_score(one, other)), float(metrics.adjusted_mutual_info_score(one, other))
    )


def _for_clusters(table: Any, columns: list[str] | None, target: str, needed: int = 1) -> Any:
    """Return what clusters are sought in; raise if the table has some already, or fewer cases than are needed."""
    looked = features(table, columns, target)
    check_new(table, "cluster")
    if len(looked) < needed:
        raise ValueError(f"{len(looked)} cases make no {needed} clusters: ask for fewer")
    return looked
