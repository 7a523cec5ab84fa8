from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "node(*names): a test of these nodes against answers known from elsewhere")
