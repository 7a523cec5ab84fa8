"""Why an installer has failed, in words, from what it has printed."""

from __future__ import annotations

import re

from flodesk.engine.environments.passwords import hidden
from flodesk.engine.environments.pins import place_of

_GONE = re.compile(r"Distribution not found at: (file:\S+)")
"""How uv says that a file is not there which it was told of, by the lock for one."""
_ELSEWHERE = re.compile(r"was included as a URL dependency\..*?Consider adding `([^`]+)`")
"""How uv says that a package of an index names an address, which it takes from a hand alone."""
_UNTRUSTED = ("invalid peer certificate", "CERTIFICATE_VERIFY_FAILED", "certificate verify failed")
_UNREACHED = (
    "Temporary failure in name resolution", "Failed to establish a new connection", "Network is unreachable",
    "dns error", "client error (Connect)", "Connection refused", "the network was disabled",
)  # fmt: skip
_MEANINGS = (
    (
        _UNTRUSTED,  # before what cannot be reached: uv says both
        "The package index answers with a certificate that this computer does not trust. Behind a company proxy: have "
        "the proxy's certificate put into the system's store, or start flodesk with SSL_CERT_FILE set to its file. "
        "Nothing was changed.",
    ),
    (_UNREACHED, "The package index cannot be reached: is there a network? Nothing was changed."),
    (
        ("no wheels with a matching", "not a supported wheel on this platform", "not compatible with the current"),
        "{wanted} is made for another Python or another system: take the file, or the version, that is for this one.",
    ),
    (("Failed to read `--find-links`",), "A folder that UV_FIND_LINKS names is not there. Nothing was changed."),
    (
        (
            "No matching distribution", "Could not find a version", "not found in the package registry",
            "not found in the provided package locations", "there are no versions of", "no version of",
        ),
        "{wanted} was not found. Look whether it goes by another name or version, or whether there is a network.",
    ),
    (
        ("externally-managed-environment", "externally managed"),
        "This Python belongs to the system, which does not let it be changed: choose an environment of flodesk's.",
    ),
    (("Permission denied", "Errno 13"), "The folder of this Python must not be written by you: {into}."),
    (("No space left", "Errno 28"), "The disk is full."),
    (("ResolutionImpossible", "conflict", "No solution"), "{wanted} does not go together with what is installed."),
)  # fmt: skip


def meaning(output: str, wanted: str, into: str) -> str:
    """Say in words why an installer has failed, from what it has printed; without the passwords of addresses."""
    return hidden(_meaning(output, wanted, into))


def _meaning(output: str, wanted: str, into: str) -> str:
    flat = _flat(output)
    if gone := _GONE.search(flat):
        return f"A package is to come from {place_of(gone[1])}, which is not there any more: put it back, or lock anew."
    if elsewhere := _ELSEWHERE.search(flat):
        return f"What is wanted needs a package from an address. To take it from there type it, too: {elsewhere[1]}"
    for signs, words in _MEANINGS:
        if any(sign in flat for sign in signs):
            return words.format(wanted=wanted or "A package", into=into)
    lines = [line for line in output.splitlines() if line.strip()]
    told = [line for line in lines if line.lower().startswith("error")] or lines[-1:]
    return told[-1].strip() if told else "It ended without a word."


def is_unreached(output: str) -> bool:
    """Say whether an installer has failed for want of a package index that answers, and that can be trusted."""
    flat = _flat(output)
    return any(sign in flat for sign in (*_UNREACHED, *_UNTRUSTED))


def _flat(output: str) -> str:
    return " ".join(output.split())  # uv breaks its lines anywhere


__all__ = ["is_unreached", "meaning"]
