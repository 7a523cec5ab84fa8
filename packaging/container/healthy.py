"""Exit with 0 if a worker of this container has told its server that it is alive; the health check of the image."""

from __future__ import annotations

import json
import socket
import subprocess
import sys


def healthy(told: str, host: str) -> bool:
    """Return whether a worker on ``host`` is alive in what ``flodesk queues workers --json`` has told."""
    return any(worker["host"] == host and worker["alive"] for worker in json.loads(told))


if __name__ == "__main__":
    done = subprocess.run(["flodesk", "queues", "workers", "--json"], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    sys.exit(0 if healthy(done.stdout, socket.gethostname()) else "no worker of this container is alive")
