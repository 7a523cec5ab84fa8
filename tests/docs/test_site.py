"""The site is built without a word of complaint, fetches nothing from elsewhere, and a link that is broken fails it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def build(folder: Path, site: Path, *, cards: bool) -> subprocess.CompletedProcess[str]:
    # not with -q: what is not said is not counted
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-f", str(folder / "mkdocs.yml"), "-d", str(site)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "FLODESK_SITE_CARDS": "on" if cards else "off",
            "NO_COLOR": "1",
        },
        check=False,
    )


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Give the site of two pages, one of them with a node."""
    docs = tmp_path / "small" / "docs"
    (docs / "nodes").mkdir(parents=True)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path / "small")
    shutil.copy(DOCS / "site_hook.py", docs)
    (docs / "contents.toml").write_text('["Part"]\n"Start" = "index.md"\n"Nodes" = "nodes.md"\n', encoding="utf-8")
    (docs / "index.md").write_text(
        "# Start\n\n## A heading\n\n[To nodes](nodes/dsp.md#butterworth)\n", encoding="utf-8"
    )
    (docs / "nodes.md").write_text("# Nodes\n\n- [DSP](nodes/dsp.md): some\n", encoding="utf-8")
    (docs / "nodes/dsp.md").write_text("# DSP\n\n## Butterworth\n\n`dsp.butterworth`: function\n", encoding="utf-8")
    return tmp_path / "small"


@pytest.mark.timeout(600)
def test_the_site_is_built_strictly_with_all_pages_and_fetches_nothing(tmp_path: Path) -> None:
    site = tmp_path / "site"
    done = build(ROOT, site, cards=False)
    assert done.returncode == 0, done.stdout + done.stderr
    pages = [
        page for part in tomllib.loads((DOCS / "contents.toml").read_text("utf-8")).values() for page in part.values()
    ]
    pages += [f"nodes/{path.name}" for path in (DOCS / "nodes").glob("*.md")]
    for page in pages:
        assert (site / page).with_suffix(".html").is_file(), page
    assert (site / "examples/noisy_sine.py").is_file()
    assert not [*site.glob("*.py"), *site.glob("*.toml")]
    start = (site / "index.html").read_text(encoding="utf-8")
    places = [
        start.index(f'href="{page[:-3]}.html"') for page in pages if page in ("canvas.md", "testing.md", "nodes.md")
    ]
    assert places == sorted(places)
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for tag in re.findall(r"<(?:script|link|img|iframe)\b[^>]*>", text):
            assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", tag), f"{path.name}: {tag}"
    found = json.loads((site / "search/search_index.json").read_text(encoding="utf-8"))["docs"]
    assert any(one["location"] == "nodes/dsp.html#butterworth" for one in found)


def test_a_small_site_has_the_card_of_its_node_in_both_themes(small: Path) -> None:
    done = build(small, small / "site", cards=True)
    assert done.returncode == 0, done.stdout + done.stderr
    page = (small / "site/nodes/dsp.html").read_text(encoding="utf-8")
    for look in ("light", "dark"):
        assert f'src="cards/dsp.butterworth-{look}.png#only-{look}"' in page
        picture = small / f"site/nodes/cards/dsp.butterworth-{look}.png"
        assert picture.read_bytes().startswith(b"\x89PNG")
    assert len([*(small / "site/nodes/cards").iterdir()]) == 2


def test_links_that_are_broken_and_pages_in_no_contents_fail_the_site(small: Path) -> None:
    links = ["gone.md", "nodes.md#gone", "#gone", "../outside.md", "pictures/gone.png"]
    page = small / "docs/index.md"
    text = "\n\n".join(f"[Somewhere]({link})" for link in links)
    page.write_text(f"{page.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")
    (small / "docs/forgotten.md").write_text("# Forgotten\n", encoding="utf-8")
    done = build(small, small / "site", cards=False)
    assert done.returncode == 1
    for link in links:
        assert f"link '{link}'" in done.stderr, link
    assert "forgotten.md" in done.stderr
    assert done.stderr.count("WARNING -") == len(links) + 1, "what is right is not among them"
