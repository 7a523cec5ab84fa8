"""No message repeats a secret, however it is spelled."""

from __future__ import annotations

import html
import json
import sys
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from flodesk.nodes import system
from flodesk.nodes._network import without

PYTHON = f'"{Path(sys.executable).as_posix()}"'
LONG = "".join(f"{number:04d}" for number in range(125))


@pytest.mark.parametrize(
    "value", ['pa"ss\\w', "my  pass\tword", "a/b+c==", "größe", "😀 x", 'it\'s "so"', '\\\\"\\', "<&>'", "\\n", LONG]
)
def test_a_secret_is_found_in_every_spelling(value):
    spelled = [
        value,
        " ".join(value.split()),
        quote(value),
        quote(value, safe=""),
        quote_plus(value),
        repr(value)[1:-1],
        repr(f"'\"{value}")[4:-1],
        ascii(value)[1:-1],
        repr(value.encode())[2:-1],
        json.dumps(value)[1:-1],
        json.dumps(value).replace("/", "\\/")[1:-1],
        json.dumps(value).replace("<", "\\u003C").replace("&", "\\u0026").replace("+", "\\u002B")[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        json.dumps(json.dumps(value))[3:-3],
        html.escape(value),
        html.escape(value, quote=False),
        html.escape(value).replace("&#x27;", "&apos;").replace("&lt;", "&LT;"),
        html.escape(html.escape(value)),
        json.dumps(html.escape(value))[1:-1],
        value.encode("ascii", "xmlcharrefreplace").decode(),
        "".join(one if one.isalnum() else f"&#x{ord(one):04X};" for one in value),
        quote_plus(value).lower() if value.islower() else quote_plus(value),
    ]
    for one in spelled:
        assert without(f"no entry with <<{one}>>", ["other", value]) == "no entry with <<***>>", one


def test_what_is_no_secret_stays_to_the_letter():
    assert without("a\\nb  c+d %41", ["", " ", "hunter2"]) == "a\\nb  c+d %41"
    assert without("abc abcdef", ["abc", "abcdef"]) == "*** ***", "nothing of the longer one is left"
    assert without("key tok", ["tok\n"]) == "key ***", "its last line end was taken off by the program"


@pytest.mark.node("system.command")
@pytest.mark.parametrize("value", [f"HEAD-{LONG}", "my  pass\tword", 'pa"ss\\w'])
def test_a_program_that_fails_tells_no_part_of_a_secret(value, monkeypatch):
    monkeypatch.setenv("FLODESK_SECRET_KEY", value)
    told = "import json, os, sys; k = os.environ['KEY']; sys.exit(f'denied for {k} {json.dumps(k)}')"
    with pytest.raises(ChildProcessError, match=r'ended with code 1: denied for \*\*\* "\*\*\*"$'):
        system.command(f"{PYTHON} -c", [told], environment={"KEY": "secret:KEY"})
