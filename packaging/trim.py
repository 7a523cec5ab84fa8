"""What a tree does not need: parts of packages that flodesk never loads. Each entry says for whom it is not."""

from __future__ import annotations

import shutil
from pathlib import Path

QT_MODULES = {
    "Core", "Gui", "Widgets", "Svg", "SvgWidgets", "OpenGL", "OpenGLWidgets", "Network", "DBus", "Test", "Xml",
    "PrintSupport", "Concurrent", "XcbQpa", "WaylandClient", "WlShellIntegration",
}  # fmt: skip
"""Qt's modules that flodesk and pyqtgraph load, and those that Qt's plugins for X11 and Wayland are linked with."""

QT_PARTS = """
assistant* designer* linguist* lrelease* lupdate* qml* balsam* svgtoqml* *.pyi typesystems include glue doc scripts
metatypes qml *.exe *.lib libpyside6qml* pyside6qml* Assistant.app Designer.app Linguist.app support/generate_pyi
Qt/libexec Qt/qml Qt/metatypes Qt/translations translations
{plugins}/designer {plugins}/qmltooling {plugins}/qmllint {plugins}/qmlls {plugins}/sqldrivers {plugins}/generic
{plugins}/egldeviceintegrations {plugins}/help {plugins}/vectorimageformats
{plugins}/wayland-graphics-integration-server {plugins}/platforms/libqeglfs.so {plugins}/platforms/libqlinuxfb.so
{plugins}/platforms/libqvnc.so {plugins}/platforms/libqminimal*.so {plugins}/platforms/libqvkkhrdisplay.so
{plugins}/platformthemes/libqgtk3.so {plugins}/platforminputcontexts/libqtvirtualkeyboardplugin.so
{plugins}/imageformats/libqpdf.so
"""
"""Qt's tools for developers, QML, its texts in other languages, databases, screens without a desktop; the GTK theme
needs GTK."""

PARTS = {
    "headers, static libraries": ["*/include", "numpy/_core/lib/*.a", "**/*.pxd", "**/*.pyx", "**/*.lib"],
    "Arrow's servers and clouds": [
        "pyarrow/libarrow_flight*", "pyarrow/_flight*", "pyarrow/libarrow_substrait*", "pyarrow/_substrait*",
        "pyarrow/libarrow_s3*", "pyarrow/_s3fs*", "pyarrow/src", "pyarrow/libarrow_python_flight*",
    ],
    "second and third copies of Arrow's libraries, tests of its own": [
        "pyarrow/libarrow_python*.so", "pyarrow/libarrow_python*.so.*.*.*", "pyarrow/_pyarrow_cpp_tests*",
    ],
    "Bokeh's compiler, and its scripts for those who work on it": [
        "bokeh/server/static/js/compiler.js", "bokeh/server/static/js/boke*[!n].js", "bokeh/server/static/js/lib",
        "bokeh/server/static/lib", "bokeh/sampledata",
    ],
    "type checkers": ["types_*", "*-stubs", "jedi/third_party/django-stubs"],
    "documentation of packages": ["networkx/drawing/tests", "pyqtgraph/examples"],
}  # fmt: skip

TESTED = (
    "numpy", "scipy", "pandas", "statsmodels", "sklearn", "skimage", "pywt", "networkx", "pyarrow", "h5py", "dask",
    "distributed", "toolz", "zict", "tornado", "sqlalchemy", "alembic", "joblib", "skops", "pyvisa", "pyvisa_sim",
    "pyvisa_py", "pyqtgraph", "rq", "narwhals", "patsy", "yaml", "tifffile", "imageio",
)  # fmt: skip
"""Packages that ship their tests."""
NOT_TESTS = {"numpy/_core/tests/_natype.py"}
"""What other modules import although it lies among tests."""


def trim(site: Path, library: Path) -> None:
    """Remove from a tree's packages, and from its standard library, what flodesk never loads."""
    qt = site / "PySide6"
    plugins = "plugins" if (qt / "plugins").is_dir() else "Qt/plugins"
    gone = [path for pattern in QT_PARTS.format(plugins=plugins).split() for path in qt.glob(pattern)]
    gone += _modules_of_qt(qt)
    gone += [path for patterns in PARTS.values() for pattern in patterns for path in site.glob(pattern)]
    kept = {site / name for name in NOT_TESTS}
    for package in TESTED:
        for folder in (site / package).rglob("tests"):
            if (folder / "_natype.py") in kept:
                gone += [path for path in folder.iterdir() if path not in kept and path.name != "__init__.py"]
            elif folder.is_dir():
                gone.append(folder)
    gone += [library / name for name in ("test", "idlelib", "tkinter", "turtledemo")]
    for path in gone:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _modules_of_qt(qt: Path) -> list[Path]:
    """Return the files of Qt's modules that are not needed, however the system calls them."""
    patterns = ("Qt*.abi3.so", "Qt*.pyd", "Qt6*.dll", "Qt/lib/libQt6*.so*", "Qt/lib/Qt*.framework")
    found = []
    for path in (path for pattern in patterns for path in qt.glob(pattern)):
        name = path.name.removeprefix("lib").split(".")[0].removeprefix("Qt6").removeprefix("Qt")
        if name not in QT_MODULES:
            found.append(path)
    return found
