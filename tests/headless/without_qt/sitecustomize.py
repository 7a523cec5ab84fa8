"""Makes PySide6 unimportable in every Python that has this folder on PYTHONPATH, child processes included."""

import sys
from importlib.abc import MetaPathFinder


class NoQt(MetaPathFinder):
    def find_spec(self, fullname, path=None, target=None):
        if fullname.partition(".")[0] in {"PySide6", "shiboken6", "NodeGraphQt", "pyqtgraph"}:
            raise ModuleNotFoundError(
                f"No module named {fullname!r} (made unimportable for the headless tests)", name=fullname
            )


sys.meta_path.insert(0, NoQt())
