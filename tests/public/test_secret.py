"""A secret is named by a reference, found where the run is, and repeated by no message."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from flodesk.public import is_secret, secret


@pytest.fixture
def keyring(monkeypatch):
    """Stand in for the package, which speaks to the desktop of whoever runs the test."""
    made = ModuleType("keyring")
    made.errors = ModuleType("keyring.errors")
    made.errors.KeyringError = type("KeyringError", (Exception,), {})
    made.get_password = lambda service, name: {("flodesk", "ORDERS_DB"): "from the keyring"}.get((service, name))
    monkeypatch.setitem(sys.modules, "keyring", made)
    return made


def test_it_is_looked_up_in_the_environment_first_and_then_in_the_keyring(keyring, monkeypatch):
    assert secret("secret:ORDERS_DB") == "from the keyring"
    monkeypatch.setenv("FLODESK_SECRET_ORDERS_DB", "p@ss/word")
    assert secret("secret:ORDERS_DB") == "p@ss/word"
    assert secret("secret:orders_db") == "p@ss/word"


def test_one_that_is_not_there_says_what_to_set(keyring, monkeypatch):
    with pytest.raises(LookupError, match="the secret MAIL is not here: set the environment variable FLODESK_SECRET_M"):
        secret("secret:MAIL")
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(LookupError, match="the secret ORDERS_DB is not here"):
        secret("secret:ORDERS_DB")


def test_a_keyring_that_is_locked_is_told_without_its_words(keyring, monkeypatch):
    def locked(service, name):
        raise keyring.errors.KeyringError("hunter2")

    monkeypatch.setattr(keyring, "get_password", locked)
    with pytest.raises(LookupError, match=r"cannot be read from the keyring \(KeyringError\): unlock it") as told:
        secret("secret:MAIL")
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize("text", ["hunter2", "secret:", "secret:my pass", "x secret:A", "secret:A\n", "", "secret:1a"])
def test_what_is_no_reference_is_refused_and_not_repeated(text):
    assert not is_secret(text)
    with pytest.raises(ValueError, match="a password does not stand in a flow: write secret:NAME") as told:
        secret(text)
    assert not text or text not in str(told.value).replace("secret:NAME", "")
