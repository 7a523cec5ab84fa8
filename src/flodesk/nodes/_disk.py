"""What goes wrong with files, in words that say what to do."""

from __future__ import annotations

import errno
from pathlib import Path


def missing(path: Path) -> FileNotFoundError:
    """Say whether it is the file or its folder that does not exist."""
    where = path if path.parent.is_dir() else path.parent
    what = "file" if path.parent.is_dir() else "folder"
    return FileNotFoundError(f"there is no {what} {where}: check the name, or choose another file")


def explain(error: OSError, path: Path) -> OSError:
    """Say in words why a file could not be written, and what to do."""
    if error.errno == errno.ENOSPC:
        return OSError(f"{path} could not be written, the disk is full: free some space, or choose another folder")
    if isinstance(error, PermissionError):
        return PermissionError(f"{path} may not be written: change its permissions, or choose another folder")
    return OSError(f"{path} could not be written ({error.strerror or error}): choose another folder")
