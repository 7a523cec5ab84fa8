"""The page of a report: one file, which loads nothing and runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any


def filled(values: Mapping[str, Any]) -> str:
    """Return the page with these values in it, of which none is taken for a tag."""
    return str(_template().render(values, colors=_COLORS))


@lru_cache(maxsize=1)
def _template() -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return made.from_string(_PAGE.replace("/*STYLE*/", _STYLE))


_COLORS = ("#0b62c4", "#c2500a", "#12805c", "#a03587", "#8a6d00", "#4a5568")
"""Of curves, for what reads drawings but no styles, such as programs for mail."""
_STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1c2430; --pale: #5c6878; --rule: #d9dfe7; --band: #f5f7fa;
  --c0: #0b62c4; --c1: #c2500a; --c2: #12805c; --c3: #a03587; --c4: #8a6d00; --c5: #4a5568; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181e; --ink: #e6eaf0; --pale: #9aa6b6; --rule: #333c48;
  --band: #1c222a; --c0: #62a8f5; --c1: #f0935a; --c2: #4cc79c; --c3: #df85c8; --c4: #d6b640; --c5: #a9b4c4; } }
body { margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 60rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; font-weight: 650; }
section { margin-top: 1.5rem; }
h2 { margin: 2.2rem 0 .6rem; font-size: 1.2rem; font-weight: 650; }
.made { margin: .4rem 0 1.8rem; padding-bottom: 1rem; border-bottom: 1px solid var(--rule); color: var(--pale);
  font-size: .875rem; }
p, pre { margin: 0 0 .9rem; max-width: 46rem; white-space: pre-line; overflow-wrap: anywhere; }
.wide { overflow-x: auto; margin: 0 0 .4rem; }
table { border-collapse: collapse; font-size: .9rem; line-height: 1.35; }
th, td { padding: .38rem .8rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
thead th { border-bottom: 2px solid var(--ink); font-weight: 600; white-space: nowrap; }
tbody tr:nth-child(even) { background: var(--band); }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.missing, .more { color: var(--pale); }
.more { font-size: .875rem; }
figure { margin: 0 0 .9rem; }
figure img { max-width: 100%; height: auto; border: 1px solid var(--rule); image-rendering: auto; }
svg { display: block; width: 100%; max-width: 46rem; height: auto; }
svg text { fill: var(--pale); font-size: 12px; }
svg .grid { stroke: var(--rule); stroke-width: 1; }
svg .axis { stroke: var(--pale); stroke-width: 1; }
svg polyline { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
.legend { margin: .3rem 0 0; padding: 0; list-style: none; font-size: .875rem; color: var(--pale); }
.legend li { display: inline-block; margin-right: 1.2rem; }
.legend i { display: inline-block; width: .9em; height: .22em; margin-right: .45em; vertical-align: middle; }
.s0 { stroke: var(--c0); } .s1 { stroke: var(--c1); } .s2 { stroke: var(--c2); }
.s3 { stroke: var(--c3); } .s4 { stroke: var(--c4); } .s5 { stroke: var(--c5); }
.f0 { fill: var(--c0); background: var(--c0); } .f1 { fill: var(--c1); background: var(--c1); }
.f2 { fill: var(--c2); background: var(--c2); } .f3 { fill: var(--c3); background: var(--c3); }
.f4 { fill: var(--c4); background: var(--c4); } .f5 { fill: var(--c5); background: var(--c5); }
@media print { body { padding: 0; max-width: none; } h2 { break-after: avoid; } tr, figure { break-inside: avoid; } }
"""

_PAGE = """<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="flodesk">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{{ title }}</title>
<style>/*STYLE*/</style>
</head>
<body>
<h1>{{ title }}</h1>
<p class="made">{{ made }}</p>
{% for paragraph in paragraphs %}
<p>{{ paragraph }}</p>
{% endfor %}
{% for part in parts %}
<section>
{% if part.heading %}
<h2>{{ part.heading }}</h2>
{% endif %}
{% if part.kind == "text" %}
{% for paragraph in part.paragraphs %}
<p>{{ paragraph }}</p>
{% endfor %}
{% elif part.kind == "table" %}
<div class="wide"><table>
<thead><tr>{% for name, number in part.columns %}<th{% if number %} class="number"{% endif %}>{{ name }}</th>
{% endfor %}</tr></thead>
<tbody>
{% for row in part.rows %}
<tr>{% for cell, style in row %}<td{% if style %} class="{{ style }}"{% endif %}>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}
</tbody>
</table></div>
{% if part.more %}
<p class="more">{{ part.more }}</p>
{% endif %}
{% elif part.kind == "picture" %}
<figure><img src="data:image/png;base64,{{ part.data }}" width="{{ part.width }}" height="{{ part.height }}"
 alt="{{ part.heading or "Picture" }}"></figure>
{% else %}
{% set f = part.figure %}
<figure><svg viewBox="0 0 {{ f.width }} {{ f.height }}" fill="#5c6878" font-size="12"
 role="img" aria-label="{{ part.heading or "Figure" }}">
{% for y, text in f.up %}
<line class="grid" stroke="#d9dfe7" x1="{{ f.left }}" x2="{{ f.right }}" y1="{{ y }}" y2="{{ y }}"/>
<text x="{{ f.left - 8 }}" y="{{ y }}" dy="4" text-anchor="end">{{ text }}</text>
{% endfor %}
{% for x, text in f.across %}
<line class="axis" stroke="#5c6878" x1="{{ x }}" x2="{{ x }}" y1="{{ f.bottom }}" y2="{{ f.bottom + 4 }}"/>
<text x="{{ x }}" y="{{ f.bottom + 17 }}" text-anchor="middle">{{ text }}</text>
{% endfor %}
{% for curve in f.curves %}
{% set n = loop.index0 % 6 %}
{% for points in curve.lines %}
<polyline class="s{{ n }}" fill="none" stroke="{{ colors[n] }}" points="{{ points }}"/>
{% endfor %}
{% for x, y in curve.dots %}
<circle class="f{{ n }}" fill="{{ colors[n] }}" cx="{{ x }}" cy="{{ y }}" r="2.2"/>
{% endfor %}
{% for x, y, width, height in curve.bars %}
<rect class="f{{ n }}" fill="{{ colors[n] }}" x="{{ x }}" y="{{ y }}" width="{{ width }}" height="{{ height }}"/>
{% endfor %}
{% endfor %}
<line class="axis" stroke="#5c6878" x1="{{ f.left }}" x2="{{ f.right }}" y1="{{ f.bottom }}" y2="{{ f.bottom }}"/>
<text x="{{ f.right }}" y="{{ f.height - 6 }}" text-anchor="end">{{ f.x_title }}</text>
<text x="{{ 14 }}" y="{{ (f.top + f.bottom) / 2 }}" text-anchor="middle"
 transform="rotate(-90 14 {{ (f.top + f.bottom) / 2 }})">{{ f.y_title }}</text>
</svg>
{% if f.curves | selectattr("name") | list %}
<ul class="legend">{% for curve in f.curves %}<li><i class="f{{ loop.index0 % 6 }}"></i>{{ curve.name }}</li>
{% endfor %}</ul>
{% endif %}
</figure>
{% endif %}
</section>
{% endfor %}
</body>
</html>
"""
