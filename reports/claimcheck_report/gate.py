"""The page of a gate (ci/gate): may a change merge, what fails and whom it concerns, the ratios of all benchmarks.

Made of gate.json alone."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from . import style, words
from .store import ReportError

HERE = Path(__file__).parent
COLORS = {"slower": style.color(1), "faster": style.color(2), "same": style.color(0), "undecided": style.MUTED}
MARKERS = {"slower": "s", "faster": "^", "same": "o", "undecided": "D"}
# A finding's word, and each verdict on time, in the colours of the site.
CHIPS = {
    "FAIL": "refuted",
    "accepted": "observation",
    "note": "skipped",
    "slower": "refuted",
    "faster": "verified",
    "same": "skipped",
    "undecided": "inconclusive",
}
SIGNS = {"refuted": "✗", "observation": "○", "skipped": "–", "verified": "✓", "inconclusive": "?"}


def read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReportError(f"{path}: no result of a gate: {error}") from None
    missing = {"base", "head", "passed", "findings", "benchmarks", "summary"} - set(found if isinstance(found, dict) else {})
    if missing:
        raise ReportError(f"{path}: no result of a gate: it lacks {', '.join(sorted(missing))}")
    return found


def judged(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Benchmarks with a ratio, the largest first."""
    return sorted((b for b in found["benchmarks"] if b.get("ratio")), key=lambda b: -b["ratio"])


def ratio_plot(found: dict[str, Any]) -> str:
    """head / base of every benchmark with its interval, blocks as small ticks; shaded: no alarm, and what "same" may be."""
    benches = judged(found)
    with style.context():
        fig = style.figure(9.2, 0.9 + 0.27 * len(benches))
        ax = fig.add_subplot()
        rule = found.get("rule", {})
        for key, alpha in (("tolerance", 0.10), ("effect", 0.16)):
            if rule.get(key):
                ax.axvspan(1 / (1 + rule[key]), 1 + rule[key], color=style.MUTED, alpha=alpha, linewidth=0)
        ax.axvline(1, color=style.INK, linewidth=0.8)
        for i, b in enumerate(reversed(benches)):
            blocks = [math.exp(v) for v in b.get("values", [])]
            ax.plot(blocks, [i] * len(blocks), "|", color=style.MUTED, markersize=5, alpha=0.45)
            ends = [b[end] if b[end] is not None and math.isfinite(b[end]) else b["ratio"] for end in ("low", "high")]
            ax.plot(ends, [i, i], color=COLORS[b["verdict"]], linewidth=2.4)
            ax.plot([b["ratio"]], [i], MARKERS[b["verdict"]], color=COLORS[b["verdict"]], markersize=5.5)
        ax.set_yticks(range(len(benches)), [b["name"] for b in reversed(benches)])
        ax.set_ylim(-0.7, len(benches) - 0.3)
        ends = [b[end] for b in benches for end in ("low", "high") if b[end] and math.isfinite(b[end])]
        ax.set_xlim(min([0.94, *(0.99 * e for e in ends)]), max([1.06, *(1.01 * e for e in ends)]))
        ax.set_xlabel("time of head / time of base")
        return style.to_svg(fig, "Ratios of times")


def page(source: Path, out: Path) -> Path:
    """gate.html in `out`, with what it needs beside it, and the plot as a file of its own."""
    found = read(source)
    for folder in ("static", "figures"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    for path in (HERE / "static").iterdir():
        shutil.copyfile(path, out / "static" / path.name)
    svg = ratio_plot(found) if judged(found) else ""
    if svg:
        (out / "figures" / "gate-ratios.svg").write_text(style.for_file(svg), encoding="utf-8")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(num=words.number, seconds=words.seconds, bytes=words.size)
    plot = (
        Markup(style.for_page(svg, "gate-ratios", "Ratio of times, head to base, of every benchmark, with intervals"))
        if svg
        else ""
    )
    text = environment.get_template("gate.html").render(
        gate=found,
        benches=judged(found),
        plot=plot,
        chips=CHIPS,
        signs=SIGNS,
        root="",
        page="gate.html",
        name="claimcheck",
        meta={},
    )
    (out / "gate.html").write_text(text, encoding="utf-8")
    return out / "gate.html"
