"""How right models will be, and why they say what they say, against closed forms and cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from flodesk.nodes import learn, source

RNG = np.random.default_rng(11)
SUM = pd.DataFrame(RNG.normal(size=(2000, 3)), columns=["a", "b", "idle"])
SUM["target"] = 3.0 * SUM.a - 4.0 * SUM.b
LINE = pd.DataFrame({"x": np.arange(12.0), "target": 2.0 * np.arange(12.0) + 1.0})
NOISY = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0, 4.0], "target": [1.0, 2.5, 5.5, 6.0, 9.5]})
PAIRS = pd.DataFrame({"x": [0.0, 0.1, 5.0, 5.1, 9.0, 9.1], "target": ["a", "b"] * 3})


@pytest.mark.node("learn.cross_validate")
def test_leaving_out_one_case_after_the_other():
    found = learn.cross_validate(learn.linear_regressor(NOISY), NOISY, folds=5, score="rmse")
    # of least squares the error at a case left out is its residual over 1 less its leverage
    x = np.column_stack([np.ones(5), NOISY.x])
    hat = x @ np.linalg.inv(x.T @ x) @ x.T
    left_out = (NOISY.target - hat @ NOISY.target) / (1.0 - np.diag(hat))
    assert (found.table.target - found.table.predicted).tolist() == pytest.approx(left_out.tolist())
    assert found.mean == pytest.approx(abs(left_out).mean())
    assert found.deviation == pytest.approx(abs(left_out).std(ddof=1))
    assert found.folds.cases.tolist() == [1] * 5


@pytest.mark.node("learn.cross_validate")
def test_what_was_learnt_by_heart_shows():
    # the nearest case is always of the other class: all right with what it has seen, all wrong with what it has not
    model = learn.neighbours_classifier(PAIRS, neighbours=1)
    found = learn.cross_validate(model, PAIRS, folds=3)
    assert found.folds.train.tolist() == [1.0] * 3
    assert found.mean < 0.5
    flowers = source.dataset("iris")
    right = learn.cross_validate(learn.svm_classifier(flowers), flowers)
    assert right.mean == pytest.approx(0.96, abs=0.02)
    assert right.folds.fold.tolist() == [1, 2, 3, 4, 5]
    assert learn.score_classes(right.table).accuracy == pytest.approx(right.mean)
    again = learn.cross_validate(learn.svm_classifier(flowers), flowers)
    assert again.table.equals(right.table)
    assert not learn.cross_validate(learn.svm_classifier(flowers), flowers, seed=1).table.equals(right.table)


@pytest.mark.node("learn.cross_validate")
def test_who_always_says_the_frequent_class_has_a_poor_f1():
    rare = pd.DataFrame({"x": np.arange(8.0), "target": list("aaabaaab")})
    model = learn.tree_classifier(rare, leaf=4)
    assert learn.cross_validate(model, rare, folds=2).mean == 0.75
    # 6/7 of the one class, and nothing of the other
    assert learn.cross_validate(model, rare, folds=2, score="f1").mean == pytest.approx(3 / 7)


@pytest.mark.node("learn.cross_validate")
def test_what_cannot_be_validated_is_refused_in_words():
    model = learn.linear_regressor(LINE)
    with pytest.raises(ValueError, match="7 parts cannot be made of 12 cases: give 2 to 6"):
        learn.cross_validate(model, LINE, folds=7)
    with pytest.raises(ValueError, match="5 parts cannot be made of 6 cases: give 2 to 3"):
        learn.cross_validate(learn.naive_bayes(PAIRS), PAIRS)
    with pytest.raises(ValueError, match="'accuracy' is no score of a model that tells numbers"):
        learn.cross_validate(model, LINE, score="accuracy")
    with pytest.raises(TypeError, match="KMeans tells neither classes nor numbers"):
        learn.cross_validate(learn.k_means(LINE).model, LINE)
    with pytest.raises(ValueError, match="a column 'predicted' already"):
        learn.cross_validate(model, LINE.assign(predicted=0))
    with pytest.raises(ValueError, match="class a has one case only"):
        learn.cross_validate(learn.naive_bayes(PAIRS), PAIRS.head(2))


@pytest.mark.node("learn.grid_search")
def test_the_best_setting_is_found():
    # a line without noise: any price on its weight makes it worse
    found = learn.grid_search(learn.ridge_regressor(LINE), LINE, "alpha", [100.0, 1.0, 0.0], folds=3, score="rmse")
    assert found.table.alpha.tolist() == [100.0, 1.0, 0.0]
    assert found.table.score.is_monotonic_decreasing
    assert found.score == pytest.approx(0.0, abs=1e-9)
    assert learn.predict_one(found.model, [20.0]) == pytest.approx(41.0)
    usual = learn.grid_search(learn.ridge_regressor(LINE), LINE, "alpha", [100.0, 0.0], folds=3)
    assert (usual.score, usual.model[-1].alpha) == (pytest.approx(1.0), 0.0)


@pytest.mark.node("learn.grid_search")
def test_two_settings_are_tried_with_each_other():
    flowers = source.dataset("iris")
    model = learn.svm_classifier(flowers)
    found = learn.grid_search(model, flowers, "c", [0.001, 1.0], "kernel", ["linear", "rbf"], folds=3)
    assert found.table[["c", "kernel"]].to_numpy().tolist() == [
        [0.001, "linear"], [0.001, "rbf"], [1.0, "linear"], [1.0, "rbf"],
    ]  # fmt: skip
    assert found.model[-1].C == 1.0
    assert found.score == found.table.score.max() > 0.9
    assert model[-1].C == 1.0
    layers = learn.grid_search(learn.network_regressor(LINE, rounds=5), LINE, "layers", [[2], [3, 2]], folds=2)
    assert layers.model.regressor_[-1].hidden_layer_sizes in ((2,), (3, 2))
    with pytest.raises(LookupError, match="SVC has no setting 'depth': it has break_ties, c, cache_size"):
        learn.grid_search(model, flowers, "depth", [1])
    with pytest.raises(ValueError, match="nothing to try"):
        learn.grid_search(model, flowers, "c", [])
    with pytest.raises(ValueError, match="The 'C' parameter of SVC must be a float"):
        learn.grid_search(model, flowers, "c", [-1.0])


@pytest.mark.node("learn.learning_curve")
def test_how_many_cases_help():
    found = learn.learning_curve(learn.tree_regressor(SUM), SUM, steps=3)
    assert found.cases.tolist() == [533, 1067, 1600]
    assert found.train.tolist() == pytest.approx([1.0] * 3)
    assert found.test.is_monotonic_increasing
    line = learn.learning_curve(learn.linear_regressor(SUM), SUM, steps=2)
    assert line.test.tolist() == pytest.approx([1.0, 1.0])
    assert learn.learning_curve(learn.naive_bayes(PAIRS), PAIRS, steps=2, folds=3).cases.tolist() == [2, 4]
    with pytest.raises(ValueError, match="the first of 4 steps has 1 cases of one class"):
        learn.learning_curve(learn.naive_bayes(PAIRS), PAIRS, steps=4, folds=3)


@pytest.mark.node("learn.importance")
def test_how_much_columns_count_in_a_model():
    found = learn.importance(learn.linear_regressor(SUM))
    assert found.column.tolist() == ["b", "a", "idle"]
    assert found.importance.tolist() == pytest.approx([4 / 7, 3 / 7, 0.0])
    forest = learn.importance(learn.forest_regressor(SUM.head(300), trees=10))
    assert forest.column.tolist() == ["b", "a", "idle"]
    assert forest.importance.sum() == pytest.approx(1.0)
    flowers = learn.importance(learn.logistic_regression(source.dataset("iris")))
    assert flowers.column[0].startswith("petal")
    with pytest.raises(TypeError, match="KNeighborsRegressor has no weights of columns: use permutation"):
        learn.importance(learn.neighbours_regressor(SUM))


@pytest.mark.node("learn.permutation_importance")
def test_mixing_up_a_column_costs_twice_its_share():
    # the error of a sum after mixing is that of the difference of two draws: twice the variance of its part
    found = learn.permutation_importance(learn.linear_regressor(SUM), SUM, repeats=20)
    assert found.column.tolist() == ["b", "a", "idle"]
    assert found.importance.tolist() == pytest.approx([2 * 16 / 25, 2 * 9 / 25, 0.0], abs=0.06)
    assert found.deviation[2] == pytest.approx(0.0, abs=1e-9)
    again = learn.permutation_importance(learn.linear_regressor(SUM), SUM, repeats=20)
    assert again.equals(found)
    with pytest.raises(LookupError, match="no column 'idle'"):
        learn.permutation_importance(learn.linear_regressor(SUM), SUM.drop(columns="idle"))
    with pytest.raises(TypeError, match="StandardScaler does not predict"):
        learn.permutation_importance(learn.scaler(SUM), SUM)


@pytest.mark.node("learn.partial_dependence")
def test_what_a_column_does_on_the_average():
    found = learn.partial_dependence(learn.linear_regressor(SUM), SUM, "a", points=5)
    assert list(found.columns) == ["a", "predicted"]
    assert found.a[[0, 4]].tolist() == [SUM.a.min(), SUM.a.max()]
    assert found.predicted.to_numpy() == pytest.approx(3.0 * found.a.to_numpy() - 4.0 * SUM.b.mean())
    steps = pd.DataFrame({"volt": [0, 1, 2, 3], "other": [1.0, 0.0, 1.0, 0.0], "target": ["off", "off", "on", "on"]})
    switch = learn.partial_dependence(learn.tree_classifier(steps), steps, "volt")
    assert switch.to_dict("list") == {"volt": [0, 1, 2, 3], "p_off": [1, 1, 0, 0], "p_on": [0, 0, 1, 1]}
    with pytest.raises(LookupError, match="does not look at column 'target'"):
        learn.partial_dependence(learn.linear_regressor(SUM), SUM, "target")
    with pytest.raises(TypeError, match="SVC tells neither numbers nor probabilities"):
        learn.partial_dependence(learn.svm_classifier(steps), steps, "volt")
