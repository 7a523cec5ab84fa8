"""Models of the shelf Learn, against closed forms, cases worked out by hand, and known figures of known data."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from flodesk.nodes import learn, source

LINE = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0], "target": [1.0, 3.0, 5.0, 7.0]})
SWITCH = pd.DataFrame({"volt": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0], "target": ["off", "off", "off", "on", "on", "on"]})
AT = np.linspace(-1.0, 1.0, 80)
BOWL = pd.DataFrame({"x": AT, "target": AT**2})


def rings():
    """Two classes that no straight line parts: points within a circle, and around it."""
    angle, radius = np.linspace(0.0, 40.0, 240), np.tile([0.5, 1.5], 120)
    return pd.DataFrame({"x": radius * np.cos(angle), "y": radius * np.sin(angle), "target": radius > 1.0})


def accuracy(model, table):
    return learn.score_classes(learn.predict(model, table)).accuracy


def explained(model, table):
    return learn.score_numbers(learn.predict(model, table)).r_squared


@pytest.mark.node("learn.svm_classifier", "learn.split")
def test_handwritten_digits_are_read_as_known():
    digits = source.dataset("digits")
    parts = learn.split(digits, alike="target")
    assert (len(parts.train), len(parts.test)) == (1347, 450)
    model = learn.svm_classifier(parts.train, gamma=0.001, scale=False)
    assert accuracy(model, parts.test) == pytest.approx(0.991, abs=0.0005)
    assert (
        accuracy(learn.logistic_regression(rings()), rings()) < 0.7 < accuracy(learn.svm_classifier(rings()), rings())
    )
    sure = learn.probabilities(learn.svm_classifier(SWITCH, c=10.0, probabilities=True, kernel="linear"), SWITCH)
    assert (sure.p_off + sure.p_on).tolist() == pytest.approx([1.0] * 6)
    assert (sure.p_on > 0.5).tolist() == [False, False, False, True, True, True]
    with pytest.raises(TypeError, match="SVC does not tell probabilities unless"):
        learn.probabilities(learn.svm_classifier(SWITCH), SWITCH)
    with pytest.raises(ValueError, match="class off has one case only"):
        learn.svm_classifier(SWITCH.drop([1, 2]), probabilities=True)


@pytest.mark.node("learn.split")
def test_cases_are_kept_back():
    rows = pd.DataFrame({"n": range(20), "kind": ["a"] * 15 + ["b"] * 5})
    train, test = learn.split(rows, 0.2)
    assert sorted([*train.n, *test.n]) == list(range(20))
    assert test.n.tolist() != [16, 17, 18, 19]
    assert test.equals(learn.split(rows, 0.2).test)
    assert not test.equals(learn.split(rows, 0.2, seed=1).test)
    assert learn.split(rows, 0.2, alike="kind").test.kind.value_counts().to_dict() == {"a": 3, "b": 1}
    assert learn.split(rows, 0.2, shuffle=False).test.n.tolist() == [16, 17, 18, 19]
    with pytest.raises(ValueError, match="comes once only"):
        learn.split(rows, alike="n")
    with pytest.raises(ValueError, match="give one above 0"):
        learn.split(rows, 1.5)
    with pytest.raises(ValueError, match="two or more are needed"):
        learn.split(rows.head(1))
    with pytest.raises(TypeError, match="wire a table"):
        learn.split([1, 2, 3])


@pytest.mark.node("learn.logistic_regression")
def test_a_logistic_regression_finds_the_shares_of_two_groups():
    groups = pd.DataFrame({"x": [0] * 4 + [1] * 4, "target": [0, 0, 0, 1, 0, 1, 1, 1]})
    model = learn.logistic_regression(groups, c=1e6)
    # of two groups the most likely weights give each its own share
    assert learn.probabilities(model, groups).p_1[[0, 7]].tolist() == pytest.approx([0.25, 0.75], abs=1e-3)


@pytest.mark.node("learn.logistic_regression")
def test_what_has_not_settled_is_said_in_the_log(capsys):
    learn.logistic_regression(rings(), rounds=1)
    assert "has not settled after 1 rounds" in capsys.readouterr().out


@pytest.mark.node("learn.neighbours_classifier", "learn.neighbours_regressor")
def test_the_nearest_cases_are_asked():
    model = learn.neighbours_classifier(SWITCH, neighbours=3)
    assert [learn.predict_one(model, [volt]) for volt in (2.4, 2.6)] == ["off", "on"]
    mean = learn.neighbours_regressor(LINE, neighbours=2, scale=False)
    assert learn.predict_one(mean, [0.2]) == 2.0
    near = learn.neighbours_regressor(LINE, neighbours=2, weights="distance", scale=False)
    assert learn.predict_one(near, [0.25]) == pytest.approx((1.0 / 0.25 + 3.0 / 0.75) / (1.0 / 0.25 + 1.0 / 0.75))
    with pytest.raises(ValueError, match="7 neighbours are asked of 6 cases"):
        learn.neighbours_classifier(SWITCH, neighbours=7)
    with pytest.raises(ValueError, match="5 neighbours are asked of 4 cases"):
        learn.neighbours_regressor(LINE)


@pytest.mark.node("learn.neighbours_classifier")
def test_columns_count_alike_where_they_are_scaled():
    cases = pd.DataFrame({"small": [0.0, 0.0, 1.0, 1.0], "large": [0.0, 900.0, 50.0, 1000.0], "target": [0, 0, 1, 1]})
    case = {"small": 0.0, "large": 990.0}
    assert learn.predict_one(learn.neighbours_classifier(cases, neighbours=1), case) == 0
    assert learn.predict_one(learn.neighbours_classifier(cases, neighbours=1, scale=False), case) == 1


@pytest.mark.node("learn.naive_bayes")
def test_bayes_rule_of_two_gaussians():
    model = learn.naive_bayes(pd.DataFrame({"x": [-1.0, 1.0, 1.0, 3.0], "target": ["a", "a", "b", "b"]}), smoothing=0.0)
    # variance 1 around 0 and around 2: the odds at x are exp(2 (x - 1))
    sure = learn.probabilities(model, pd.DataFrame({"x": [1.0, 1.5]}))
    assert sure.p_b.tolist() == pytest.approx([0.5, 1.0 / (1.0 + math.exp(-1.0))])


@pytest.mark.node("learn.tree_classifier", "learn.tree_regressor")
def test_a_tree_asks_in_the_middle_between_cases():
    model = learn.tree_classifier(SWITCH)
    assert [learn.predict_one(model, [volt]) for volt in (2.49, 2.51)] == ["off", "on"]
    halves = learn.tree_regressor(LINE, depth=1)
    assert [learn.predict_one(halves, [x]) for x in (0.0, 9.0)] == [2.0, 6.0]
    assert learn.predict_one(learn.tree_regressor(LINE, leaf=3), [0.0]) == 4.0


@pytest.mark.node("learn.forest_classifier", "learn.forest_regressor")
def test_a_forest_is_asked():
    wine = learn.split(source.dataset("wine"), alike="target")
    model = learn.forest_classifier(wine.train, trees=40)
    assert accuracy(model, wine.test) > 0.95
    sure = learn.probabilities(model, wine.test)
    assert sure[["p_0", "p_1", "p_2"]].sum(axis=1).to_numpy() == pytest.approx(np.ones(45))
    told = learn.forest_regressor(BOWL, trees=40)
    assert explained(told, BOWL) > 0.99
    assert 0.9 < learn.predict_one(told, [7.0]) < 1.0  # it does not go beyond what it has seen
    again = learn.forest_regressor(BOWL, trees=40)
    assert learn.predict(told, BOWL).equals(learn.predict(again, BOWL))
    assert not learn.predict(told, BOWL).equals(learn.predict(learn.forest_regressor(BOWL, trees=40, seed=1), BOWL))


@pytest.mark.node("learn.boosting_classifier", "learn.boosting_regressor")
def test_one_round_of_boosting_gives_the_means_of_two_halves():
    one = learn.boosting_regressor(LINE, rounds=1, rate=1.0, leaves=2, leaf=1)
    assert learn.predict(one, LINE).predicted.tolist() == pytest.approx([2.0, 2.0, 6.0, 6.0])
    assert explained(learn.boosting_regressor(LINE, leaf=1), LINE) > 0.999
    model = learn.boosting_classifier(rings(), rounds=20)
    assert accuracy(model, rings()) == 1.0
    assert learn.predict_one(model, [0.1, 0.1]) is False


@pytest.mark.node("learn.network_classifier", "learn.network_regressor")
def test_a_network_learns_what_is_no_line(capsys):
    assert accuracy(learn.network_classifier(rings(), layers=[16]), rings()) > 0.95
    assert explained(learn.linear_regressor(BOWL), BOWL) < 0.1
    model = learn.network_regressor(BOWL.assign(target=1000.0 * BOWL.target), layers=[32])
    assert explained(model, BOWL.assign(target=1000.0 * BOWL.target)) > 0.95
    learn.network_regressor(BOWL, rounds=2)
    assert "MLPRegressor has not settled after 2 rounds" in capsys.readouterr().out
    with pytest.raises(ValueError, match="each needs one neuron"):
        learn.network_classifier(SWITCH, layers=[8, 0])


@pytest.mark.node("learn.linear_regressor", "learn.ridge_regressor", "learn.lasso_regressor")
def test_weighted_sums():
    assert learn.predict_one(learn.linear_regressor(LINE), [10.0]) == pytest.approx(21.0)
    # through the origin the slope is the sum of x y over that of x²
    assert learn.predict_one(learn.linear_regressor(LINE, intercept=False), [1.0]) == pytest.approx(34.0 / 14.0)
    # covariance 10 over variance 5, to which alpha is added
    assert learn.predict_one(learn.ridge_regressor(LINE, alpha=5.0, scale=False), [2.5]) == pytest.approx(5.0)
    # of a scaled column the weight is the deviation of y, less alpha
    slope = (math.sqrt(5.0) - 1.0) / math.sqrt(1.25)
    assert learn.predict_one(learn.lasso_regressor(LINE, alpha=1.0), [2.5]) == pytest.approx(4.0 + slope)
    assert learn.predict_one(learn.lasso_regressor(LINE, alpha=3.0), [9.0]) == pytest.approx(4.0)
    with pytest.raises(TypeError, match=r"column 'target' holds .* and no numbers: train a classifier"):
        learn.linear_regressor(SWITCH)


@pytest.mark.node("learn.svm_regressor")
def test_errors_within_the_tube_cost_nothing():
    model = learn.svm_regressor(LINE, c=1000.0, epsilon=0.5, kernel="linear")
    # the flattest line that is nowhere more than 0.5 off goes from 1.5 to 6.5
    assert learn.predict(model, LINE).predicted[[0, 3]].tolist() == pytest.approx([1.5, 6.5], abs=0.01)
    assert np.ptp(learn.predict(learn.svm_regressor(LINE, epsilon=9.0), LINE).predicted) == 0.0


@pytest.mark.node("learn.gaussian_process", "learn.predict_with_uncertainty")
def test_a_gaussian_process_knows_where_it_has_not_been():
    x = np.linspace(0.0, 2.0 * math.pi, 12)
    wave = pd.DataFrame({"x": x, "target": np.sin(x)})
    model = learn.gaussian_process(wave, noise=False)
    found = learn.predict_with_uncertainty(model, pd.DataFrame({"x": [x[3], 1.0, 60.0]}))
    assert found.predicted.tolist()[:2] == pytest.approx([math.sin(x[3]), math.sin(1.0)], abs=1e-3)
    assert found.predicted_deviation[0] < 1e-3 < 0.3 < found.predicted_deviation[2]
    wide = (found.predicted_upper - found.predicted_lower).tolist()
    assert wide == pytest.approx((2 * 1.96 * found.predicted_deviation).tolist())
    rough = learn.gaussian_process(wave, smoothness="rough")
    assert learn.predict_one(rough, [1.0]) == pytest.approx(math.sin(1.0), abs=0.05)
    trees = learn.predict_with_uncertainty(learn.forest_regressor(wave, trees=20), wave, "level")
    assert (trees.level_deviation > 0.0).any()
    assert list(trees.columns)[2:] == ["level", "level_deviation", "level_lower", "level_upper"]
    with pytest.raises(TypeError, match="LinearRegression does not know how sure"):
        learn.predict_with_uncertainty(learn.linear_regressor(LINE), LINE)


@pytest.mark.node("learn.predict", "learn.predict_one", "learn.probabilities")
def test_a_model_knows_its_columns():
    cases = pd.DataFrame(
        {"x": [0.0, 1.0, 2.0], "note": ["a", "b", "c"], "y": [0.0, 5.0, 1.0], "target": [0.0, 2.0, 4.0]}
    )
    model = learn.linear_regressor(cases, columns=["x"])
    asked = pd.DataFrame({"note": ["?"], "x": [4.0]})
    assert learn.predict(model, asked, "guess").to_dict("records") == [
        {"note": "?", "x": 4.0, "guess": pytest.approx(8.0)}
    ]
    assert list(asked.columns) == ["note", "x"]
    assert list(learn.linear_regressor(cases).feature_names_in_) == ["x", "y"]
    with pytest.raises(LookupError, match="no column 'x'"):
        learn.predict(model, cases.drop(columns="x"))
    with pytest.raises(ValueError, match="a column 'y' already"):
        learn.predict(model, cases, "y")
    with pytest.raises(ValueError, match="there are 2 values, and the model was trained with 1"):
        learn.predict_one(model, [1.0, 2.0])
    with pytest.raises(TypeError, match="a model is needed, and DataFrame came"):
        learn.predict(cases, cases)
    with pytest.raises(TypeError, match="LinearRegression does not tell probabilities: wire another"):
        learn.probabilities(model, cases)


@pytest.mark.node("learn.predict", "learn.predict_one")
def test_models_from_elsewhere_predict_too():
    from sklearn.linear_model import LinearRegression

    bare = LinearRegression().fit(np.array([[0.0], [1.0]]), [1.0, 3.0])
    assert learn.predict(bare, pd.DataFrame({"any": [2.0]})).predicted.tolist() == pytest.approx([5.0])
    assert learn.predict_one(bare, [2.0]) == pytest.approx(5.0)
    with pytest.raises(ValueError, match="the table has 2 columns of numbers"):
        learn.predict(bare, LINE)
    with pytest.raises(ValueError, match="has not been trained"):
        learn.predict(LinearRegression(), LINE)


@pytest.mark.node("learn.tree_classifier")
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"volt": [0.0, None, 2.0, 3.0, 4.0, 5.0]}, "'volt' has no value in 1 rows"),
        ({"volt": [0.0, math.inf, 2.0, 3.0, 4.0, 5.0]}, "a value is infinite"),
        ({"volt": list("abcdef")}, "no columns? of numbers"),
        ({"target": ["off"] * 6}, "one class only"),
        ({"target": [0.5, 1.5, 2.0, 3.0, 4.0, 5.0]}, "numbers with fractions and no classes"),
        ({"target": ["off", None, "off", "on", "on", "on"]}, "'target' has no value in 1 rows"),
    ],
)
def test_what_cannot_be_learnt_from_is_refused_in_words(change, message):
    with pytest.raises(ValueError, match=message):
        learn.tree_classifier(SWITCH.assign(**change))


@pytest.mark.node("learn.tree_classifier")
def test_what_columns_are_asked_for_is_checked():
    with pytest.raises(LookupError, match="no column 'kind'"):
        learn.tree_classifier(SWITCH, "kind")
    with pytest.raises(ValueError, match="what is to be told"):
        learn.tree_classifier(SWITCH, columns=["volt", "target"])
    with pytest.raises(TypeError, match=r"'word' holds .* and no numbers"):
        learn.tree_classifier(SWITCH.assign(word="a"), columns=["word"])
    with pytest.raises(TypeError, match=r"'wave' holds complex128 and no numbers"):
        learn.tree_classifier(SWITCH.assign(wave=1j), columns=["wave"])
    assert list(learn.tree_classifier(SWITCH.assign(wave=1j, on=True)).feature_names_in_) == ["volt", "on"]
    with pytest.raises(ValueError, match="two columns are called 'volt'"):
        learn.tree_classifier(pd.concat([SWITCH, SWITCH[["volt"]]], axis=1))
    with pytest.raises(ValueError, match="no rows"):
        learn.tree_classifier(SWITCH.head(0))


@pytest.mark.node("learn.scaler", "learn.transform")
def test_columns_on_one_scale():
    cases = pd.DataFrame({"x": [0.0, 2.0, 4.0, 6.0, 100.0], "note": list("abcde"), "target": [1, 2, 3, 4, 5]})
    plain = learn.transform(learn.scaler(cases), cases)
    assert list(plain.columns) == ["x", "note", "target"]
    assert (plain.x.mean(), plain.x.std(ddof=0)) == pytest.approx((0.0, 1.0))
    assert plain.target.tolist() == [1, 2, 3, 4, 5]
    quartiles = learn.scaler(cases, "quartiles")
    assert learn.transform(quartiles, cases).x.tolist() == [-1.0, -0.5, 0.0, 0.5, 24.0]
    assert learn.transform(learn.scaler(cases, "range"), pd.DataFrame({"x": [50.0]})).x.tolist() == [0.5]
    with pytest.raises(TypeError, match="SVC does not transform"):
        learn.transform(learn.svm_classifier(SWITCH, scale=False), SWITCH)
    with pytest.raises(LookupError, match="no column 'x'"):
        learn.transform(quartiles, SWITCH)


@pytest.mark.node("learn.tf_idf", "learn.transform")
def test_rare_words_weigh_more():
    texts = pd.DataFrame({"text": ["Red pump", "red red fan", "blue fan"], "id": [1, 2, 3]})
    made = learn.tf_idf(texts, "text")
    assert list(made.table.columns) == ["id", "blue", "fan", "pump", "red"]
    often, once = math.log(4 / 3) + 1.0, math.log(4 / 2) + 1.0  # in two of three texts, and in one
    assert made.table.red[0] == pytest.approx(often / math.hypot(often, once))
    assert made.table.red[1] == pytest.approx(2.0 / math.sqrt(5.0))
    other = learn.transform(made.model, pd.DataFrame({"text": ["a red unknown"]}))
    assert other.red.tolist() == [1.0]
    assert "red red" in learn.tf_idf(texts, "text", longest=2).table.columns
    assert list(learn.tf_idf(texts, "text", rarest=2).table.columns) == ["id", "fan", "red"]
    with pytest.raises(ValueError, match="is in 3 texts"):
        learn.tf_idf(texts, "text", rarest=3)
    with pytest.raises(ValueError, match="a column 'red' already"):
        learn.tf_idf(texts.assign(red=0), "text")
