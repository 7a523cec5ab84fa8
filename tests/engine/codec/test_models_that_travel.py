"""Models of scikit-learn go to other processes by skops: the same, of known types only, and where it is asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from flodesk.engine.codec import CodecError, decode, digest, encode
from flodesk.engine.headless import run

pytest.importorskip("skops")
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

X = np.random.default_rng(4).normal(size=(50, 3))
Y = (X[:, 0] > 0.1).astype(int)
FLOW = """# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.places.flow]
# model = "process"
# ///
import flodesk
from flodesk.nodes import learn, source


def flow():
    wines = source.dataset("wine")
    model = learn.forest_classifier(wines, trees=5, seed=1)
    told = learn.predict(model, wines)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def there_and_back(value: Any) -> Any:
    head, buffers = encode(value, with_models=True)
    return decode(head, [bytes(part) for part in buffers], with_models=True)


@pytest.mark.parametrize(
    "model",
    [
        LinearRegression(),
        RandomForestClassifier(4, random_state=1),
        make_pipeline(StandardScaler(), LinearRegression()),
    ],
)
def test_a_model_tells_the_same_where_it_came_to(model: Any) -> None:
    trained = model.fit(X, Y)
    came = there_and_back({"models": [trained, 3]})["models"][0]
    assert type(came) is type(trained)
    assert np.array_equal(came.predict(X), trained.predict(X))
    assert there_and_back(LinearRegression(positive=True)).get_params()["positive"] is True


def test_a_model_that_would_be_refused_where_it_comes_is_not_sent() -> None:
    trained = GradientBoostingRegressor(n_estimators=2).fit(X, Y)
    with pytest.raises(CodecError, match=r"cannot be vetted.*use plain Python values"):
        encode(trained, with_models=True)  # it is told where the model was made, and not after its journey


def test_what_is_kept_or_comes_from_elsewhere_holds_no_model() -> None:
    model = LinearRegression().fit(X, Y)
    for refused in (encode, digest):
        with pytest.raises(CodecError, match="LinearRegression cannot be sent to another process or kept"):
            refused([model])
    head, buffers = encode(model, with_models=True)
    with pytest.raises(CodecError):
        decode(head, buffers)


def mine(x: Any) -> Any:
    return x


class Own(LinearRegression):
    """A class that is not scikit-learn's."""


@pytest.mark.parametrize("model", [Own(), FunctionTransformer(mine), make_pipeline(FunctionTransformer(mine), Own())])
def test_a_model_that_holds_other_types_is_refused_on_both_sides_by_name(
    model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CodecError, match=rf"holds {__name__}\.(Own|mine).* it is not known what that does"):
        encode(model, with_models=True)
    skops = pytest.importorskip("skops.io")
    head, _ = encode(LinearRegression(), with_models=True)
    with pytest.raises(CodecError, match="it is not known what that does"):
        decode(head, [skops.dumps(model)], with_models=True)


def test_what_was_tampered_with_or_is_of_another_version_is_refused() -> None:
    skops = pytest.importorskip("skops.io")
    forest = RandomForestClassifier(2, random_state=1).fit(X, Y)
    head, buffers = encode(forest, with_models=True)
    forest.estimators_[0].tree_.children_left[0] = 10**6
    with pytest.raises(CodecError, match="leads to a node or a column that does not exist"):
        decode(head, [skops.dumps(forest)], with_models=True)
    for other in ({**head, "v": "0.1"}, {**head, "b": 9}):
        with pytest.raises(CodecError):
            decode(other, buffers, with_models=True)
    with pytest.raises(CodecError, match="no encoded value"):
        decode(head, [b"nothing of that kind"], with_models=True)
    with pytest.raises(CodecError, match="is no model"):
        decode(head, [skops.dumps({"a": 1})], with_models=True)


def test_a_model_that_a_process_has_trained_predicts_here() -> None:
    result = run(FLOW, keep_values=True)
    assert result.reason == "succeeded", result.failures
    alone = run(FLOW.replace('# model = "process"\n', ""), keep_values=True)
    assert result.values["flow.told"].equals(alone.values["flow.told"])
