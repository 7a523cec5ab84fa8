"""Clusters, reductions and outliers, against cases worked out by hand and known figures of known data."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from flodesk.nodes import learn, source

PAIRS = pd.DataFrame({"x": [0.0, 10.0, 1.0, 11.0], "large": [0.0, 0.0, 0.0, 0.0], "target": ["a", "b", "a", "b"]})


def blobs(sizes=(60, 30), away=6.0):
    """Two round clouds with deviations of 1, so many of each, their middles so far apart."""
    rng = np.random.default_rng(5)
    places = np.repeat([0.0, away], sizes)
    count = sum(sizes)
    return pd.DataFrame({"x": rng.normal(places, 1.0), "y": rng.normal(0.0, 1.0, count), "target": places > 0})


def crescents():
    """Two half circles that reach into one another: no centres tell them apart."""
    turn = np.linspace(0.0, math.pi, 60)
    first = pd.DataFrame({"x": np.cos(turn), "y": np.sin(turn), "target": 0})
    return pd.concat([first, pd.DataFrame({"x": 1.0 - first.x, "y": 0.4 - first.y, "target": 1})], ignore_index=True)


@pytest.mark.node("learn.k_means", "learn.agreement")
def test_wines_are_told_apart_as_known():
    found = learn.k_means(source.dataset("wine"))
    assert learn.agreement(found.table).rand == pytest.approx(0.897, abs=0.0005)
    assert found.within == pytest.approx(1277.93, abs=0.01)
    assert [learn.k_means(source.dataset("wine"), seed=seed).within for seed in range(1, 5)] == pytest.approx(
        [found.within] * 4
    )
    once = [learn.k_means(source.dataset("wine"), starts=1, seed=seed).within for seed in range(1, 5)]
    assert max(once) > found.within + 0.5
    assert found.centers.cases.sum() == 178
    again = learn.predict(found.model, source.dataset("wine")).predicted
    assert again.tolist() == found.table.cluster.tolist()
    unscaled = learn.agreement(learn.k_means(source.dataset("wine"), scale=False).table)
    assert unscaled.rand == pytest.approx(0.371, abs=0.005)


@pytest.mark.node("learn.k_means")
def test_centers_are_the_means_of_their_cases():
    found = learn.k_means(PAIRS, clusters=2)
    centers = found.centers.sort_values("x")
    assert centers.x.tolist() == pytest.approx([0.5, 10.5])
    assert centers.cases.tolist() == [2, 2]
    assert centers.cluster.tolist() == [found.table.cluster[0], found.table.cluster[1]]
    assert learn.k_means(PAIRS, clusters=2, scale=False).within == pytest.approx(4 * 0.25)
    with pytest.raises(ValueError, match="4 cases make no 5 clusters"):
        learn.k_means(PAIRS, clusters=5)
    with pytest.raises(ValueError, match="a column 'cluster' already"):
        learn.k_means(found.table, clusters=2)


@pytest.mark.node("learn.dbscan")
def test_what_is_close_is_one_cluster_of_any_form():
    found = learn.dbscan(crescents(), distance=0.3)
    assert learn.agreement(found).rand == 1.0
    assert learn.agreement(learn.k_means(crescents(), clusters=2).table).rand < 0.6
    alone = learn.dbscan(pd.DataFrame({"x": [0.0, 0.4, 0.8, 7.0]}), distance=0.5, cases=3, scale=False)
    assert alone.cluster.tolist() == [0, 0, 0, -1]
    with pytest.raises(ValueError, match="a column 'cluster' already"):
        learn.dbscan(alone)


@pytest.mark.node("learn.agglomerative")
def test_chains_hold_together_by_their_nearest_links():
    single = learn.agglomerative(crescents(), clusters=2, linkage="single")
    assert learn.agreement(single).rand == 1.0
    assert learn.agreement(learn.agglomerative(crescents(), clusters=2, linkage="complete")).rand < 1.0
    assert learn.agreement(learn.agglomerative(PAIRS, clusters=2)) == (1.0, 1.0)
    with pytest.raises(ValueError, match="1 cases make no 3"):
        learn.agglomerative(PAIRS.head(1))


@pytest.mark.node("learn.mixture")
def test_gaussians_that_overlap():
    found = learn.mixture(blobs(), clusters=2)
    assert learn.agreement(found.table).rand > 0.9
    between = learn.mixture(blobs(), clusters=2, form="spherical", scale=False)
    halfway = learn.probabilities(between.model, pd.DataFrame({"x": [-1.0, 7.0], "y": [0.0, 0.0]}))
    assert halfway[["p_0", "p_1"]].max(axis=1).min() > 0.999
    assert learn.mixture(blobs(), clusters=1).bic > found.bic < learn.mixture(blobs(), clusters=4).bic
    assert found.table.certainty.between(0.5, 1.0).all()


@pytest.mark.node("learn.silhouette")
def test_how_far_clusters_are_apart():
    rows = pd.DataFrame({"x": [0.0, 1.0, 10.0, 11.0], "cluster": [0, 0, 1, 1]})
    outer, inner = 1.0 - 1.0 / 10.5, 1.0 - 1.0 / 9.5
    assert learn.silhouette(rows) == pytest.approx((outer + inner) / 2)
    assert learn.silhouette(rows, scale=False) == pytest.approx((outer + inner) / 2)
    with pytest.raises(ValueError, match="1 clusters of 4 cases"):
        learn.silhouette(rows.assign(cluster=0))
    with pytest.raises(LookupError, match="no column 'cluster'"):
        learn.silhouette(PAIRS)


@pytest.mark.node("learn.agreement")
def test_names_of_clusters_do_not_count():
    rows = pd.DataFrame({"target": ["a", "a", "b", "b"], "cluster": [1, 1, 0, 0], "mixed": [0, 1, 0, 1]})
    assert learn.agreement(rows) == (1.0, 1.0)
    # of six pairs none is together in both: 0 - 2·2/6 over (2+2)/2 - 2·2/6
    assert learn.agreement(rows, second="mixed").rand == pytest.approx((0 - 4 / 6) / (2 - 4 / 6))


@pytest.mark.node("learn.pca", "learn.transform")
def test_a_line_in_space_has_one_component():
    along = np.array([-1.0, 0.0, 1.0, 4.0])
    line = pd.DataFrame({"x": 2.0 * along, "y": -1.0 * along, "z": 2.0 * along, "target": list("abcd")})
    found = learn.pca(line, scale=False)
    assert found.shares.tolist() == pytest.approx([1.0, 0.0])
    assert found.table.pc1.tolist() == pytest.approx((3.0 * (along - 1.0)).tolist())
    assert found.weights.pc1.tolist() == pytest.approx([2 / 3, -1 / 3, 2 / 3])
    assert found.weights.column.tolist() == ["x", "y", "z"]
    assert list(found.table.columns) == ["target", "pc1", "pc2"]
    other = learn.transform(found.model, pd.DataFrame({"z": [2.0], "x": [2.0], "y": [-1.0], "note": ["n"]}))
    assert other.to_dict("list") == {"note": ["n"], "pc1": [pytest.approx(0.0)], "pc2": [pytest.approx(0.0)]}
    # of a scaled table each column counts alike
    assert abs(learn.pca(line).weights.pc1).tolist() == pytest.approx([3**-0.5] * 3)
    # R. A. Fisher's flowers: the share of the first component is known
    assert learn.pca(source.dataset("iris"), scale=False).shares.tolist() == pytest.approx([0.9246, 0.0531], abs=1e-4)
    with pytest.raises(ValueError, match="4 components are asked for: the table allows 1 to 3"):
        learn.pca(line, components=4)


@pytest.mark.node("learn.t_sne")
def test_neighbours_stay_neighbours_on_the_map():
    found = learn.t_sne(blobs((25, 25), away=20.0), perplexity=10.0)
    assert list(found.columns) == ["target", "map1", "map2"]
    assert learn.agreement(learn.k_means(found, clusters=2).table).rand == 1.0
    with pytest.raises(ValueError, match="4 cases have no 30 neighbours"):
        learn.t_sne(PAIRS)


@pytest.mark.node("learn.nmf", "learn.transform")
def test_mixtures_are_taken_apart(capsys):
    spectra = np.array([[1.0, 0.0, 3.0, 0.0], [0.0, 2.0, 0.0, 1.0]])
    amounts = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 1.0], [1.0, 3.0], [0.5, 0.5]])
    table = pd.DataFrame(amounts @ spectra, columns=list("pqrs"))
    found = learn.nmf(table, rounds=20000)
    assert found.error < 0.01
    parts = found.parts.sort_values("q").to_numpy()
    assert parts[0] / parts[0].max() == pytest.approx(spectra[0] / 3.0, abs=0.01)
    assert parts[1] / parts[1].max() == pytest.approx(spectra[1] / 2.0, abs=0.01)
    again = learn.transform(found.model, table)
    assert again.to_numpy() @ found.parts.to_numpy() == pytest.approx(table.to_numpy(), abs=0.01)
    learn.nmf(table, rounds=1)
    assert "NMF has not settled after 1 rounds" in capsys.readouterr().out
    with pytest.raises(ValueError, match="column 'q' holds -1: all must be 0"):
        learn.nmf(table.assign(q=-1.0))


@pytest.mark.node("learn.isolation_forest", "learn.find_outliers")
def test_what_is_far_off_is_found():
    cases = blobs((80, 20), away=0.0)
    far = pd.concat([cases, pd.DataFrame({"x": [9.0], "y": [-9.0], "target": [True]})], ignore_index=True)
    found = learn.isolation_forest(far, share=0.01)
    assert found.table.outlier.to_numpy().nonzero()[0].tolist() == [100]
    assert found.table.score.idxmax() == 100
    assert found.table.score.between(0.0, 1.0).all()
    other = learn.find_outliers(found.model, pd.DataFrame({"y": [0.0, 8.0], "x": [0.0, 8.0]}))
    assert other.outlier.tolist() == [False, True]
    assert learn.predict(found.model, far.tail(2)).predicted.tolist() == [1, -1]
    assert learn.isolation_forest(far, trees=30).table.score.idxmax() == 100
    with pytest.raises(ValueError, match=r"share of outliers is 0\.9"):
        learn.isolation_forest(far, share=0.9)
    with pytest.raises(TypeError, match="KMeans finds no outliers"):
        learn.find_outliers(learn.k_means(cases).model, cases)


@pytest.mark.node("learn.local_outliers")
def test_what_is_lonelier_than_its_neighbours_is_found():
    # a grid of distance 1, and one point 3 beside it: as near as any in a wide grid, but lonelier than its neighbours
    grid = pd.DataFrame([(x, y) for x in range(6) for y in range(6)], columns=["x", "y"]).astype(float)
    table = pd.concat([grid, pd.DataFrame({"x": [8.0], "y": [2.0]})], ignore_index=True)
    found = learn.local_outliers(table, neighbours=5, scale=False)
    assert found.outlier.to_numpy().nonzero()[0].tolist() == [36]
    assert found.score[:36].median() == pytest.approx(1.0, abs=0.1)
    assert found.score[36] > 2.0
    assert learn.local_outliers(table, share=0.1).outlier.sum() == 4
    with pytest.raises(ValueError, match="2 cases have too few"):
        learn.local_outliers(table.head(2))
    with pytest.raises(ValueError, match="a column 'outlier' already"):
        learn.local_outliers(found)
