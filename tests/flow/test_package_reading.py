"""What is read of packages that lie in a folder: their files are opened, and nothing of them is imported."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.graph import picture
from flodesk.flow.packages.finding import Finder
from flodesk.flow.packages.keeping import keep_reading, kept_reading
from flodesk.flow.packages.reading import Reading, read_module
from flodesk.flow.script import read, write
from flodesk.flow.spec import NodeSpec
from flodesk.flow.told_types import told_type
from flodesk.flow.wiring import connect

Make = Callable[[dict[str, str]], Finder]


@pytest.fixture
def made(tmp_path: Path) -> Make:
    """Return what writes files, each of which would end the process if it were imported, and finds them."""

    def make(files: dict[str, str]) -> Finder:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            end = "" if name.endswith(".pyi") else "\nimport os\nos._exit(3)\n"
            file.write_text(textwrap.dedent(text) + end, encoding="utf-8")
        return Finder([str(tmp_path)])

    return make


def names(reading: Reading) -> list[str]:
    return sorted(path.rpartition(".")[2] for path in reading.specs)


def only(reading: Reading) -> NodeSpec:
    (spec,) = reading.specs.values()
    return spec


def test_re_exports_are_followed_to_the_text_of_a_function(made):
    finder = made(
        {
            "pack/__init__.py": "from .sub import *\nfrom .sub import __all__\nfrom ._more import other as another\n"
            "__all__ = __all__ + ['another']",
            "pack/sub/__init__.py": "from . import _deep\nfrom ._deep import *\n__all__ = _deep.__all__.copy()",
            "pack/sub/_deep.py": "__all__ = ['low']\ndef low(x, order: int = 4):\n    'Low pass.'\ndef hidden(): ...",
            "pack/_more.py": "def other(*values, **options):\n    '''Another.'''",
        }
    )
    reading = read_module("pack", finder)
    assert names(reading) == ["another", "low"]
    low = reading.specs["pack.low"]
    assert (low.category, low.summary, low.requires) == ("pack", "Low pass.", ("pack",))
    assert [(p.name, p.type, p.required, p.default) for p in low.parameters] == [
        ("x", "any", True, ""),
        ("order", "integer", False, "4"),
    ]
    assert low.file.endswith("_deep.py")
    assert low.line == 2
    assert reading.specs["pack.another"].extra
    assert "pack" not in sys.modules


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(): ...\ndef _g(): ...\nfrom os import path\nX = 3", ["f"]),
        ("from ._a import a1\n__all__ = [s for s in dir() if not s.startswith('_')]\ndef f(): ...", ["a1", "f"]),
        ("from . import _a\nfrom ._a import *\n__all__ = ['f']\n__all__ += _a.__all__\ndef f(): ...", ["a1", "f"]),
        ("from ._a import a1, a2\n__all__ = []\n__all__.append('a2')\n__all__.extend(['a1'])", ["a1", "a2"]),
        ("from . import _a\n__all__ = _a.__all__\nfor n in __all__:\n    vars()[n] = getattr(_a, n)", ["a1"]),
        ("try:\n    from ._a import a1\nexcept ImportError:\n    a1 = None\n__all__ = ('a1',)", ["a1"]),
        ("if True:\n    from ._a import a2 as f\n__all__ = sorted(set(['f']) | {'g'})\ndef g(): ...", ["f", "g"]),
        ("import lazy_loader as l\n__getattr__, __dir__, __all__ = l.attach(__name__, submod_attrs={'_a': ['a2']})",
         ["a2"]),
        ("from ._a import a1\nagain = a1\n__all__ = ['again']", ["again"]),
    ],
)  # fmt: skip
def test_what_a_module_offers(made, text, expected):
    finder = made({"pack/__init__.py": text, "pack/_a.py": "__all__ = ['a1']\ndef a1(): ...\ndef a2(): ..."})
    assert names(read_module("pack", finder)) == expected


def test_a_lazy_loader_with_a_stub_beside(made):
    lazy = "import lazy_loader as _lazy\n__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)"
    stub = "__all__ = ['blur', 'inner']\nfrom . import inner\nfrom ._blur import blur"
    finder = made(
        {
            "images/__init__.py": lazy,
            "images/__init__.pyi": stub,
            "images/_blur.py": "def blur(image, sigma=1.0):\n    'Blur.'",
            "images/inner/__init__.py": "",
        }
    )
    assert only(read_module("images", finder)).path == "images.blur"


def test_what_is_compiled_is_known_by_its_stub_and_told_to_be_hidden(made):
    overloads = ("def fast(x): ...", "def fast(x, order: int = ..., *, out=None): ...")
    stub = "from typing import overload\n" + "".join(f"@overload\n{one}\n" for one in overloads)
    finder = made({"pack/__init__.py": "from ._core import fast, slow\n__all__ = ['fast', 'slow']"})
    folder = Path(finder.find("pack").inside[0])
    (folder / "_core.so").write_bytes(b"\x7fELF")
    (folder / "_core.pyi").write_text(stub)
    reading = read_module("pack", finder)
    assert not reading.specs
    assert [p.name for p in reading.hidden["pack.fast"].parameters] == ["x", "order", "out"]
    assert reading.hidden["pack.slow"] is None


def test_classes_take_what_their_bases_take(made):
    text = """
        from dataclasses import dataclass
        from pack._base import Base
        class Mean(Base):
            '''Mean of the last values.'''
            def __call__(self, value: float) -> float: ...
        @dataclass
        class Settings:
            '''How.'''
            rate: float
            window: int = 5
        class BadError(ValueError): ...
        class Worse(BadError): ...
    """
    base = "class Base:\n    def __init__(self, window: int = 20):\n        '''Make it.'''"
    reading = read_module("pack.means", made({"pack/__init__.py": "", "pack/means.py": text, "pack/_base.py": base}))
    assert names(reading) == ["Mean", "Settings"]
    mean = reading.specs["pack.means.Mean"]
    assert (mean.role, [p.name for p in mean.parameters]) == ("state", ["window", "value"])
    settings = reading.specs["pack.means.Settings"]
    assert [(p.name, p.required) for p in settings.parameters] == [("rate", True), ("window", False)]
    assert settings.role == "function"


def test_a_docstring_gives_types_choices_and_limits_that_refuse_nothing(made):
    text = """
        def smooth(x, length, mode='same', gain=1.0, flag=True):
            '''Smooth a signal.

            Parameters
            ----------
            x : (N,) array_like
                The signal.
            length : int > 2
                Length of the window in s.
            mode : {'full', 'same'}, optional
                What of it is kept.
            gain : float in [0, 10]
                Factor.

            Returns
            -------
            y : ndarray
                The smooth one.
            '''
    """
    spec = only(read_module("pack", made({"pack.py": text})))
    x, length, mode, gain, flag = spec.parameters
    assert (x.type, x.required, x.help) == ("array", True, "The signal.")
    assert (length.type, length.minimum, length.unit) == ("integer", 3.0, "s")
    assert mode.choices == ("full", "same")
    assert (gain.type, gain.minimum, gain.maximum) == ("number", 0.0, 10.0)
    assert flag.type == "truth"
    assert all(p.loose and p.takes == "any" for p in spec.parameters)
    assert (spec.outputs[0].type, spec.outputs[0].help) == ("array", "The smooth one.")


def test_blanks_in_docstrings_are_filled_from_the_table_of_the_decorator(made):
    files = {
        "pack/__init__.py": "",
        "pack/_docs.py": "import doccer\n_axis = '''axis : int\n    Along which.'''\ntable = {'axis': _axis}\n"
        "docfiller = doccer.filldoc(table)",
        "pack/f.py": "from . import _docs\n@_docs.docfiller\ndef f(axis):\n    '''Do.\n\n    Parameters\n"
        "    ----------\n    %(axis)s\n    '''",
    }
    (axis,) = only(read_module("pack.f", made(files))).parameters
    assert (axis.type, axis.help) == ("integer", "Along which.")


def test_constraints_of_scikit_learn_give_limits_and_choices(made):
    text = """
        from numbers import Integral, Real
        class Base:
            _parameter_constraints = {"tol": [Interval(Real, 0, None, closed="left")], "n": ["array-like", Integral]}
        class Model(Base):
            '''A model.

            Parameters
            ----------
            penalty : str
                Which one.
            '''
            _parameter_constraints: dict = {
                **Base._parameter_constraints,
                "penalty": [StrOptions({"l1", "l2"}), None],
                "count": [Interval(Integral, 0, 9, closed="neither")],
                "weight": [dict, StrOptions({"balanced"})],
            }
            def __init__(self, penalty="l2", *, tol=1e-4, count=3, weight=None, n=1): ...
        @validate_params({"k": [Interval(Real, 1, 2, closed="both")]}, prefer_skip_nested_validation=True)
        def score(k): "Score."
    """
    reading = read_module("pack", made({"pack.py": text}))
    model = {p.name: p for p in reading.specs["pack.Model"].parameters}
    assert set(model["penalty"].choices) == {"l1", "l2"}
    assert model["penalty"].optional
    assert (model["tol"].minimum, model["tol"].maximum) == (0.0, None)
    assert (model["count"].type, model["count"].minimum, model["count"].maximum) == ("integer", 1.0, 8.0)
    assert model["weight"].choices == ()
    assert (reading.specs["pack.score"].parameters[0].minimum, reading.specs["pack.score"].parameters[0].maximum) == (
        1.0,
        2.0,
    )


def test_those_of_the_real_one():
    pytest.importorskip("sklearn")
    model = read_module("sklearn.linear_model._logistic").specs["sklearn.linear_model._logistic.LogisticRegression"]
    strength = model.parameter("C")
    solver = model.parameter("solver")
    assert strength is not None
    assert (strength.type, strength.minimum) == ("number", 0.0)
    assert solver is not None
    assert "lbfgs" in solver.choices


def test_a_module_named_by_a_word_of_pythons_own_cannot_be_imported_and_is_none(made):
    finder = made({"pack/__init__.py": "", "pack/lambda.py": "def f(): ..."})
    assert read_module("pack.lambda", finder).reason == "there is no module pack.lambda"


@pytest.mark.parametrize(
    "text",
    [
        "_x = ['f']\n_x = _x + ['g']\n__all__ = _x\ndef g(): ...",
        "X = Y\nY = X\nclass g:\n    _parameter_constraints = X\n    def __init__(self, a): ...",
        "@validate_params({'a': [StrOptions({[1]})]})\ndef g(a): ...",
    ],
)
def test_what_lies_or_goes_in_circles_is_read_as_far_as_it_tells(made, text):
    assert "g" in names(read_module("pack", made({"pack.py": text})))


def test_a_definition_that_cannot_be_read_is_untold_and_the_others_are_there(made):
    text = """
        class A:
            _parameter_constraints = {**B._parameter_constraints}
        class B:
            _parameter_constraints = {**A._parameter_constraints}
        def f(): ...
    """
    reading = read_module("pack", made({"pack.py": text}))
    assert names(reading) == ["f"]
    assert reading.hidden == {"pack.A": None, "pack.B": None}


def test_a_module_that_is_not_there_is_told():
    assert read_module("numpyy.linalg").reason == "there is no module numpyy"
    assert read_module("numpy.linalgg").reason == "there is no module numpy.linalgg"


def test_a_reading_is_kept_until_a_file_of_it_changes(made, tmp_path, monkeypatch):
    monkeypatch.setenv("FLODESK_CACHE", str(tmp_path / "cache"))
    finder = made({"pack/__init__.py": "from ._a import *", "pack/_a.py": "__all__ = ['f']\ndef f(x): 'Do.'"})
    reading = read_module("pack", finder)
    keep_reading(reading, finder)
    kept = kept_reading("pack", finder)
    assert kept is not None
    assert (kept.specs, kept.hidden) == (reading.specs, reading.hidden)
    (tmp_path / "pack" / "_a.py").write_text("__all__ = ['f']\ndef f(x, y): 'Do more.'")
    assert kept_reading("pack", finder) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("array_like", "array"),
        ("ndarray of shape (n, 2)", "array"),
        ("int, optional", "integer"),
        ("float or None, optional", "number"),
        ("float or array_like", "any"),
        ("int or tuple of ints", "any"),
        ("bool", "truth"),
        ("str or callable", "any"),
        ("sequence of floats", "list"),
        ("{'a', 'b'} or callable", "any"),
        ("pandas.DataFrame", "table"),
        ("RandomState instance", "any"),
        ("", "any"),
    ],
)
def test_a_type_in_words(text, kind):
    assert told_type(text).type == kind


def test_choices_in_words():
    assert told_type("{'low', 'high', None}, default='low'").choices == ("low", "high")
    assert told_type("{'low', 'high', None}").optional
    assert told_type("{1, 2}").type == "integer"
    assert told_type("{dtype, 'x'}").choices == ()


def test_what_a_docstring_tells_warns_and_refuses_no_wire_and_no_run(made):
    text = """
        def smooth(x, length, mode='same', gain=1.0):
            '''Smooth.

            Parameters
            ----------
            x : ndarray
                The signal.
            length : int > 2
                Length.
            mode : {'full', 'same'}
                What is kept.
            '''
    """
    reading = read_module("pack", made({"pack.py": text}))
    flow = read(
        "import flodesk\nimport pack\nfrom flodesk.nodes import source\n\n\ndef flow():\n"
        "    word = source.constant('A')\n    y = pack.smooth(word, length=1, mode='valid')\n\n\n"
        'if __name__ == "__main__":\n    flodesk.main(flow)\n'
    )
    catalog = Catalog.builtin().plus(reading.specs.values())
    found = [(p.severity, p.kind) for p in check(flow, catalog) if p.node == "flow.y" and p.kind != "missing-package"]
    assert sorted(found) == [("warning", "choice"), ("warning", "range")]
    graph = picture(flow, catalog, "flow")
    assert [wire.problem for wire in graph.wires] == [""]
    assert graph.nodes["y"].inputs[0].type == "array"
    edit = connect(flow, graph, ("word", ""), ("y", "length"))
    assert "length=word" in write(edit.apply(flow)[0])
