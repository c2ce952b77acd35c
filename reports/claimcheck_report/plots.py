"""A figure put together: panels, scales, legend, colour scale. The picture of a verdict's evidence."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.ticker import AutoLocator, FuncFormatter, MaxNLocator, NullFormatter, NullLocator

from . import kinds, style, words
from .figures import Figure, limits, numbers
from .kinds import Entry
from .store import ReportError


def draw(figure: Figure) -> Canvas:
    """The picture of any kind but table and custom."""
    panels = kinds.array_panels(figure) if figure.kind == "drawing" or kinds.is_matrix(figure) else figure.panels()
    columns = min(len(panels), 3 if len(panels) not in (2, 4) else 2)
    rows = math.ceil(len(panels) / columns)
    width = style.WIDTH if columns == 1 else 3.2 * columns
    tall = figure.kind in ("heat", "path", "drawing")
    height = (style.HEIGHT + (0.7 if tall else 0)) if columns == 1 else (3.1 if tall else 2.6) * rows
    fig = style.figure(width, height)
    axes = fig.subplots(
        rows, columns, squeeze=False, sharex=len(panels) > 1 and not tall, sharey=len(panels) > 1 and not tall
    ).ravel()
    entries: dict[str, Any] = {}
    for ax, (title, data) in zip(axes, panels):
        if title:
            ax.set_title(title)
        for handle, text in kinds.DRAW[figure.kind](figure, ax, data):
            entries.setdefault(text, handle)
        for handle, text in _dress(figure, ax):
            entries.setdefault(text, handle)
    for ax in axes[len(panels) :]:
        ax.set_axis_off()
    for ax in axes[: len(panels)]:
        if len(panels) > 1 and not tall:
            ax.label_outer()
    if figure.scale:
        _colorbar(figure, fig, list(axes[: len(panels)]))
    _legend(fig, [(h, t) for t, h in entries.items()], figure.options.get("title", ""))
    return fig


def _dress(figure: Figure, ax: Axes) -> list[Entry]:
    """Scales, limits, labels and reference lines from the options."""
    options, entries = figure.options, []
    if figure.kind not in ("heat", "drawing"):
        for axis in "xy":
            if f"{axis}scale" in options:
                getattr(ax, f"set_{axis}scale")(options[f"{axis}scale"])
    ax.set(**{f"{a}lim": limits(options[f"{a}lim"]) for a in "xy" if f"{a}lim" in options})
    ax.set(**{f"{a}label": words.label(options[f"{a}label"]) for a in "xy" if f"{a}label" in options})
    for value in numbers(options.get("hline")):
        ax.axhline(value, color=style.MUTED, linewidth=1, linestyle=(0, (4, 3)))
    for value in numbers(options.get("vline")):
        ax.axvline(value, color=style.MUTED, linewidth=1, linestyle=(0, (4, 3)))
    for i, slope in enumerate(numbers(options.get("slope"))):
        entries += _reference_slope(ax, slope, ((4, 3), (1.2, 2), (7, 2, 1.5, 2))[i % 3])
    equal = options.get("aspect", "equal" if figure.kind in ("path", "drawing") else "auto")
    if figure.kind != "heat" or "aspect" in options:
        ax.set_aspect("equal" if equal == "equal" else "auto", adjustable="datalim" if figure.kind == "path" else "box")
    _quiet_ticks(ax)
    return entries


def _quiet_ticks(ax: Axes) -> None:
    """Whole numbers where all are; powers of ten as text, with labels between them only where decades alone are too few."""
    _give_room(ax)
    for axis in (ax.xaxis, ax.yaxis):
        if axis.get_scale() == "linear" and isinstance(axis.get_major_locator(), AutoLocator):
            low, high = axis.get_data_interval()
            if np.isfinite([low, high]).all() and low == round(low) and high == round(high) and 1 < high - low < 12:
                axis.set_major_locator(MaxNLocator(integer=True))
        if axis.get_scale() in ("log", "symlog"):
            low, high = sorted(axis.get_view_interval())
            wide = low <= 0 or high / low > 30
            plain = low > 5e-4 and high < 2e4
            axis.set_major_formatter(FuncFormatter(lambda v, _, plain=plain: words.number(v) if plain else words.power(v)))
            axis.set_minor_formatter(NullFormatter() if wide else FuncFormatter(_between))
        if axis.get_scale() == "log" and wide:
            axis.get_major_locator().set_params(numticks=7)
        if axis.get_scale() == "log" and high / low < 3:
            axis.set_major_locator(MaxNLocator(5))
            axis.set_minor_locator(NullLocator())


def _give_room(ax: Axes) -> None:
    """Values equal up to rounding are a level line, not a picture of the rounding."""
    low, high = ax.get_ylim()
    if math.isfinite(low + high) and abs(high - low) < 1e-6 * max(abs(low), abs(high)):
        centre = (low + high) / 2
        ax.set_ylim(centre - 0.2 * abs(centre), centre + 0.2 * abs(centre))


def _between(value: float, _: int) -> str:
    mantissa = value / 10 ** math.floor(math.log10(value))
    return words.number(value) if min(abs(mantissa - m) for m in (2, 3, 5)) < 1e-6 else ""


def _reference_slope(ax: Axes, slope: float, dash: tuple[float, ...]) -> list[Entry]:
    """A dashed line of that slope through the middle of log-log axes."""
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    if x0 <= 0 or y0 <= 0:
        return []
    x = np.array([x0 * (x1 / x0) ** 0.08, x0 * (x1 / x0) ** 0.92])
    y = math.sqrt(y0 * y1) * (x / math.sqrt(x[0] * x[1])) ** slope
    (line,) = ax.plot(x, y, color=style.MUTED, linewidth=1.2, linestyle=(0, dash), scalex=False, scaley=False)
    return [(line, f"slope {slope:g}".replace("-", "−"))]


def _legend(fig: Canvas, entries: list[Entry], title: str = "") -> None:
    """Above the axes, in as many columns as fit; a title above it. What is too much to read is counted."""
    if len(entries) > 18:
        entries = [*entries[:17], (Line2D([], [], linestyle=""), f"and {len(entries) - 17} more")]
    width, height = fig.get_size_inches()
    top = 0.0
    if title:
        fig.suptitle(title, x=0.01, ha="left", fontsize=10.5, fontweight="bold", y=1 - 0.03 / height, va="top")
        top += 0.26
    if len(entries) > 1 or (entries and entries[0][1] and not entries[0][1].startswith("~")):
        sizes = [0.5 + 0.078 * len(t) for _, t in entries]
        columns = next(
            (
                n
                for n in range(len(entries), 0, -1)
                if max(sizes) * n <= width - 0.1 or (sum(sizes) <= width - 0.1 and n == len(entries))
            ),
            1,
        )
        fig.legend(
            [h for h, _ in entries],
            [t for _, t in entries],
            loc="upper left",
            ncol=columns,
            columnspacing=1.3,
            bbox_to_anchor=(0, 1 - top / height),
            borderaxespad=0.1,
            borderpad=0.1,
        )
        lines = 0.19 * math.ceil(len(entries) / columns) + 0.06
        if lines > 0.5:
            fig.set_size_inches(width, height + lines - 0.3)
            height += lines - 0.3
        top += lines
    if top:
        fig.get_layout_engine().set(rect=(0, 0, 1, 1 - top / height))


def _colorbar(figure: Figure, fig: Canvas, axes: list[Axes]) -> None:
    assert figure.scale
    image, label = figure.scale
    bar = fig.colorbar(image, ax=axes, pad=0.02, fraction=0.06)
    bar.set_label(figure.options.get("vlabel", label))
    bar.outline.set_visible(False)
    if figure.options.get("vscale") == "log":
        _quiet_ticks(bar.ax)


# ---- the evidence of a check ----

RULES = ("bound", "criterion", "limit", "fit", "reference", "threshold", "law", "expected", "theory")
COMPARED = ("bound", "scaling", "equality", "ulp")  # kinds whose second series is what the first is held against


def evidence(result: dict[str, Any]) -> Canvas | None:
    """Points with their intervals, and the lines they are judged by; None where there is nothing to see.

    A series is called "n=64, residual": a colour for each group, a dash for what the first of a group is held against."""
    series = [s for s in result.get("series") or [] if s.get("x") and s.get("y")]
    if not series:
        return None
    fig = style.figure()
    ax = fig.add_subplot()
    parts = [_split_name(str(s.get("name") or "data")) for s in series]
    groups, names = list(dict.fromkeys(g for g, _ in parts)), list(dict.fromkeys(n for _, n in parts))
    drawn: dict[tuple[str, str], Line2D] = {}
    for s, (group, name) in zip(series, parts):
        held = result.get("kind") in COMPARED and names.index(name) > 0
        rule = held or any(word in name.lower() for word in RULES)
        place = groups.index(group) if len(groups) > 1 else names.index(name)
        shade = style.INK if rule and len(groups) == 1 else style.color(place)
        dash = style.DASHES[1 + names.index(name) % 3] if rule else "-"
        drawn[group, name] = _rule(ax, s, shade, dash) if rule else _evidence_points(ax, s, place)
    _evidence_scales(ax, result, series)
    ax.set(xlabel=words.label(result.get("x_label")), ylabel=words.label(result.get("y_label")))
    _quiet_ticks(ax)
    _legend(fig, _evidence_legend(drawn, groups, names))
    return fig


def _split_name(name: str) -> tuple[str, str]:
    group, _, column = name.rpartition(", ")
    return (group, column) if "=" in group else ("", name)


def _evidence_legend(drawn: dict[tuple[str, str], Line2D], groups: list[str], names: list[str]) -> list[Entry]:
    """Groups by what tells them apart, then the columns; at most nine names, what is left out is counted."""
    if len(groups) == 1:
        entries = [(drawn[groups[0], n], n) for n in names]
    else:
        common = set.intersection(*(set(g.split()) for g in groups))
        entries = [(drawn[next(k for k in drawn if k[0] == g)], _short_group(g, common)) for g in groups]
        if len(names) > 1:
            samples = [next(line for key, line in drawn.items() if key[1] == n) for n in names]
            entries = entries[:7] + [
                (Line2D([], [], color=style.INK, linestyle=s.get_linestyle()), n) for s, n in zip(samples, names)
            ]
    if len(entries) > 9:
        return [*entries[:8], (Line2D([], [], linestyle=""), f"and {len(entries) - 8} more")]
    return entries


def _short_group(group: str, common: set[str]) -> str:
    """Without what all groups share; "problem=smooth.lse" as "lse"."""
    return " ".join(re.sub(r"^(?:problem|algorithm|arm)=(?:\w+\.)?", "", w) for w in group.split() if w not in common)


def _evidence_scales(ax: Axes, result: dict[str, Any], series: list[dict[str, Any]]) -> None:
    """As the judgement says, and logarithmic where linear axes would show one corner only."""
    for axis, said in (("x", result.get("log_x")), ("y", result.get("log_y"))):
        values = np.concatenate([_floats(s[axis]) for s in series])
        values = values[np.isfinite(values)]
        positive = values[values > 0]
        if not len(positive):
            continue
        wide = positive.max() / positive.min() > 100
        if said or (wide and values.min() > 0):
            getattr(ax, f"set_{axis}scale")("log")
        elif wide and axis == "x" and values.min() == 0:
            ax.set_xscale("symlog", linthresh=positive.min())


def _rule(ax: Axes, s: dict[str, Any], color: str, dash: Any) -> Line2D:
    x, y = _floats(s["x"]), _floats(s["y"])
    one = len(x) == 1
    return ax.plot(x, y, color=color, linewidth=1.3, linestyle="-" if one else dash, marker="_" if one else "", markersize=14)[0]


def _floats(values: list[float | None]) -> np.ndarray:
    return np.array([math.nan if v is None else v for v in values], dtype=float)


def _evidence_points(ax: Axes, s: dict[str, Any], i: int) -> Line2D:
    x, y = _floats(s["x"]), _floats(s["y"])
    color, marker = style.color(i), style.MARKERS[i % len(style.MARKERS)]
    rising = len(x) > 1 and bool(np.all(np.diff(x) > 0))
    (line,) = ax.plot(
        x,
        y,
        color=color,
        linestyle="-" if rising else "",
        linewidth=1.2,
        marker=marker if len(x) <= 60 else ("." if not rising else ""),
        markersize=4.5 if len(x) <= 60 else 3,
        alpha=1 if rising else 0.75,
    )
    if s.get("low") and s.get("high"):
        low, high = _floats(s["low"]), _floats(s["high"])
        if len(x) > 25 and rising:
            ax.fill_between(x, low, high, color=color, alpha=0.18, linewidth=0)
        else:
            ax.errorbar(
                x, y, [np.maximum(y - low, 0), np.maximum(high - y, 0)], fmt="none", ecolor=color, elinewidth=1.1, capsize=2.5
            )
    return line


def custom(figure: Figure, module: Any) -> Canvas:
    """What a plug-in's own draw makes on an empty canvas."""
    fig = style.figure()
    module.draw(dict(figure.body, options=figure.options), figure.data, fig)
    if not fig.axes:
        raise ReportError(f"draw() of {module.__file__} left the figure empty")
    return fig
