"""``python -m flodesk``: the same as the command ``flodesk``."""

from flodesk.cli import entry

if __name__ == "__main__":
    entry()
