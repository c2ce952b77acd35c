"""One function a kind: draws a panel and returns its legend."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LogNorm, Normalize
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, NullLocator

from . import figures, style
from .figures import Data, Figure, limits, numbers
from .store import Array, ReportError, Table, show_key, unique

Entry = tuple[Any, str]  # a legend's handle and its text


def _group_style(figure: Figure, data: Data) -> list[tuple[Any, Data, str]]:
    """Groups with colours that stay the same in every panel."""
    names = [show_key(k) for k, _ in figure.sorted_groups(figure.data)]
    return [(k, part, style.color(names.index(show_key(k)))) for k, part in figure.sorted_groups(data)]


def _series_name(figure: Figure, key: Any, y: str, groups: int) -> str:
    name = figure.name(key) if figure.by else ""
    if len(figure.y) == 1:
        return name or y
    return y if groups == 1 or not name else f"{name} · {y}"


def _curve(figure: Figure, ax: Axes, data: Data) -> list[Entry]:
    groups = _group_style(figure, data)
    several = len(figure.sorted_groups(figure.data)) > 1
    drawn: dict[tuple[str, str], Line2D] = {}
    for i, (key, part, color) in enumerate(groups):
        for j, y in enumerate(figure.y):
            shade = color if several else style.color(j)
            drawn[figure.name(key), y] = _curve_line(figure, ax, part, y, shade, i, j if several else i // len(style.SERIES))
    ax.set(xlabel=figure.label(figure.x), ylabel=figure.label(figure.y[0]) if len(figure.y) == 1 else "")
    if not several:
        return [(line, y if len(figure.y) > 1 else name) for (name, y), line in drawn.items()]
    entries = [(line, name) for (name, y), line in drawn.items() if y == figure.y[0]]
    if len(figure.y) > 1:  # a colour each group, a dash each column
        entries += [(Line2D([], [], color=style.INK, linestyle=style.DASHES[j % 4]), y) for j, y in enumerate(figure.y)]
    return entries


def _curve_line(figure: Figure, ax: Axes, part: Data, y: str, color: str, i: int, dash: int) -> Line2D:
    """The median over seeds, with its band or the single runs."""
    s = figures.summarise(part, figure.x, y, figure.options.get("xscale") == "log")
    marker = style.MARKERS[i % len(style.MARKERS)] if len(s.x) <= 12 or figure.on("markers") else None
    (line,) = ax.plot(s.x, s.median, color=color, linestyle=style.DASHES[dash % 4], marker=marker)
    if figure.on("runs"):
        for run in figures.runs(part):
            order = np.argsort(run[figure.x], kind="stable")
            ax.plot(run[figure.x][order], run[y][order], color=color, linewidth=0.6, alpha=0.35)
    elif figure.options.get("band") != "none" and np.any(s.high > s.low):
        ax.fill_between(s.x, s.low, s.high, color=color, alpha=0.18, linewidth=0)
    return line


def _ecdf(figure: Figure, ax: Axes, data: Data) -> list[Entry]:
    entries: list[Entry] = []
    profile = figure.options.get("ratio") == "best"
    if profile:
        data = Data(Table({**data.data, "_ratio": figures.performance_ratio(data, figure.y[0], figure.by)}))
    column = "_ratio" if profile else figure.y[0]
    for i, (key, part, color) in enumerate(_group_style(figure, data)):
        x, share = figures.ecdf(part, column)
        if len(x):
            start = [x[0]]
            x, share = np.concatenate([start, x]), np.concatenate([[0], share])
        (line,) = ax.step(x, share, where="post", color=color, linestyle=style.DASHES[i % 4])
        entries.append((line, figure.name(key)))
    ax.set(ylim=(0, 1.02), ylabel="share of runs", xlabel=f"{figure.y[0]} / best" if profile else figure.label(column))
    return entries


def _categories(figure: Figure, data: Data) -> tuple[list[Any], str]:
    column = figure.x or figure.by[0]
    return unique(figure.data[column]), column


def _by_category(figure: Figure, data: Data) -> tuple[list[Any], str, list[tuple[Any, Data, str]], float]:
    categories, column = _categories(figure, data)
    groups = _group_style(figure, data) if figure.by and figure.by != [column] else [("", data, style.color(0))]
    return categories, column, groups, 0.8 / max(len(groups), 1)


def _category_axis(figure: Figure, ax: Axes, categories: list[Any], column: str) -> None:
    texts = [show_key(c) for c in categories]
    crowded = max((len(t) for t in texts), default=0) * len(texts) > 48
    ax.set_xticks(range(len(categories)), texts, rotation=35 if crowded else 0, ha="right" if crowded else "center")
    ax.grid(False, axis="x")
    ax.set(xlabel="" if column == "arm" else figure.label(column), ylabel=figure.label(figure.y[0]) if len(figure.y) == 1 else "")


def _box(figure: Figure, ax: Axes, data: Data) -> list[Entry]:
    categories, column, groups, width = _by_category(figure, data)
    entries: list[Entry] = []
    for g, (key, part, color) in enumerate(groups):
        cells = {k: p[figure.y[0]] for k, p in part.groups(column)}
        for i, category in enumerate(categories):
            values = cells.get(category, np.array([]))
            values = values[np.isfinite(values)]
            if not len(values):
                continue
            at = i + (g - (len(groups) - 1) / 2) * width
            box = ax.boxplot(
                values,
                positions=[at],
                widths=width * 0.72,
                manage_ticks=False,
                patch_artist=True,
                flierprops={"marker": "o", "markersize": 2.5, "markeredgecolor": color, "alpha": 0.7},
            )
            for part_name in ("boxes", "whiskers", "caps", "medians"):
                for line in box[part_name]:
                    line.set(color=color, linewidth=2 if part_name == "medians" else 1.1)
            for patch in box["boxes"]:
                patch.set(facecolor=color, alpha=0.3)
        entries.append((Patch(color=color, alpha=0.6), figure.name(key) if len(groups) > 1 else ""))
    _category_axis(figure, ax, categories, column)
    return entries if len(groups) > 1 else []


def _bar(figure: Figure, ax: Axes, data: Data) -> list[Entry]:
    categories, column, groups, _ = _by_category(figure, data)
    series = [
        (key, part, y, color if len(figure.y) == 1 else style.color(g * len(figure.y) + j))
        for g, (key, part, color) in enumerate(groups)
        for j, y in enumerate(figure.y)
    ]
    width = 0.8 / len(series)
    entries: list[Entry] = []
    for s, (key, part, y, color) in enumerate(series):
        at, stats = [], []
        for category, cell in part.groups(column):
            values = cell[y][np.isfinite(cell[y])]
            if len(values):
                at.append(categories.index(category) + (s - (len(series) - 1) / 2) * width)
                stats.append(np.quantile(values, [0.25, 0.5, 0.75]))
        if not stats:
            continue
        low, median, high = np.array(stats).T
        ax.bar(at, median, width * 0.9, color=color, alpha=0.85, linewidth=0)
        if np.any(high > low):
            ax.errorbar(at, median, [median - low, high - median], fmt="none", ecolor=style.INK, elinewidth=1, capsize=2.5)
        entries.append((Patch(color=color), _series_name(figure, key, y, len(groups)) if len(series) > 1 else ""))
    _category_axis(figure, ax, categories, column)
    return entries if len(series) > 1 else []


def _scatter(figure: Figure, ax: Axes, data: Data) -> list[Entry]:
    entries: list[Entry] = []
    groups = _group_style(figure, data)
    for i, (key, part, color) in enumerate(groups):
        for j, y in enumerate(figure.y):
            shade = color if len(figure.y) == 1 else style.color(i * len(figure.y) + j)
            points = ax.scatter(
                part[figure.x],
                part[y],
                s=16,
                color=shade,
                alpha=0.75,
                linewidth=0,
                marker=style.MARKERS[(i + j) % len(style.MARKERS)],
                rasterized=len(part) > 4000,
            )
            entries.append((points, _series_name(figure, key, y, len(groups))))
    ax.set(xlabel=figure.label(figure.x), ylabel=figure.label(figure.y[0]) if len(figure.y) == 1 else "")
    return entries


def is_matrix(figure: Figure) -> bool:
    return figure.kind == "heat" and bool(figure.options.get("attach"))


def _norm(figure: Figure, values: np.ndarray) -> Normalize:
    low, high = limits(figure.options.get("vlim"))
    good = values[np.isfinite(values)]
    log = figure.options.get("vscale") == "log"
    if log:
        good = good[good > 0]
    if not len(good):
        raise ReportError("no finite value to colour" + (" above 0" if log else ""))
    low, high = good.min() if low is None else low, good.max() if high is None else high
    return LogNorm(low, high) if log else Normalize(low, high)


def _heat(figure: Figure, ax: Axes, data: Data) -> list[Entry]:
    if is_matrix(figure):
        return _heat_matrix(figure, ax, data)
    row_name, value = figure.y
    xs, ys = unique(figure.data[figure.x]), unique(figure.data[row_name])
    grid = np.full((len(ys), len(xs)), np.nan)
    for (x, y), cell in data.groups(figure.x, row_name):
        values = cell[value][~np.isnan(cell[value])]
        if len(values):
            grid[ys.index(y), xs.index(x)] = np.median(values)
    image = ax.pcolormesh(
        np.arange(len(xs) + 1) - 0.5,
        np.arange(len(ys) + 1) - 0.5,
        grid,
        cmap=style.CMAP,
        norm=_norm(figure, figure.data[value]),
        rasterized=grid.size > 3000,
    )
    _contour(figure, ax, np.arange(len(xs)), np.arange(len(ys)), grid)
    _grid_ticks(ax.xaxis, xs)
    _grid_ticks(ax.yaxis, ys)
    ax.set(xlabel=figure.label(figure.x), ylabel=figure.label(row_name))
    figure.scale = (image, figure.label(value))
    return []


def _grid_ticks(axis: Any, values: list[Any]) -> None:
    step = max(1, math.ceil(len(values) / 8))
    axis.set_major_locator(FixedLocator(range(0, len(values), step)))
    axis.set_minor_locator(NullLocator())
    axis.set_ticklabels([show_key(v) for v in values[::step]])
    axis.grid(False)


def _heat_matrix(figure: Figure, ax: Axes, data: Data) -> list[Entry]:
    array = _one_array(figure, data, figure.options["attach"])
    if array.array.ndim != 2:
        raise ReportError(f"attachment `{array.name}` has rank {array.array.ndim}; a heat map needs 2")
    extent = numbers(figure.options.get("extent"))
    image = ax.imshow(
        array.array,
        cmap=style.CMAP,
        norm=_norm(figure, _every(figure, array.name)),
        interpolation="none",
        aspect="auto",
        origin="lower" if extent else "upper",
        extent=extent or None,
    )
    n, m = array.array.shape
    x = np.linspace(extent[0], extent[1], m) if extent else np.arange(m)
    y = np.linspace(extent[2], extent[3], n) if extent else np.arange(n)
    _contour(figure, ax, x, y, array.array)
    ax.grid(False)
    figure.scale = (image, figure.options["attach"])
    return []


def _contour(figure: Figure, ax: Axes, x: Sequence[float], y: Sequence[float], grid: np.ndarray) -> None:
    levels = numbers(figure.options.get("contour"))
    if levels and min(grid.shape) > 1:
        # Two tones, for the colours below are dark and light in either theme.
        ax.contour(x, y, grid, levels=sorted(levels), colors="#101418", linewidths=2.6)
        ax.contour(x, y, grid, levels=sorted(levels), colors="#f8f8f2", linewidths=1.1)


def _every(figure: Figure, name: str) -> np.ndarray:
    """All values of the arrays by that name: panels share one scale."""
    return np.concatenate([a.array.ravel() for a in figure.data.arrays(name)])


def _one_array(figure: Figure, data: Data, name: str) -> Array:
    """The array of the seed asked for, else of the least seed that has one; its last row."""
    found = data.arrays(name)
    if "seed" in figure.options:
        found = [a for a in found if a.seed == int(figure.options["seed"])]
    if not found:
        names = sorted({a.name for a in figure.data._arrays})
        raise ReportError(f"no attachment `{name}`" + (f"; there are: {', '.join(names)}" if names else "; the cells hold none"))
    seed = min(a.seed for a in found)
    return max((a for a in found if a.seed == seed), key=lambda a: a.row)


def array_panels(figure: Figure) -> list[tuple[str, Data]]:
    """One panel for each arm (or value of `by`, `panels`) that has the array."""
    name = figure.options.get("attach", "polygons")
    column = figure.options.get("panels") or (figure.by[0] if figure.by else "arm")

    def label(a: Array) -> str | None:
        return a.arm if column == "arm" else str(a.seed) if column == "seed" else a.point.get(column)

    keys = list(dict.fromkeys(label(a) for a in figure.data.arrays(name)))
    if not keys or keys == [None]:
        return [("", figure.data)]
    if len(keys) > 12:
        raise ReportError(f"{len(keys)} panels; at most 12 are drawn (narrow it with where)")
    panels = []
    for key in keys:
        part = [a for a in figure.data._arrays if label(a) == key]
        title = key if column == "arm" else f"{column} = {key}"
        panels.append((figure.name(title) if len(keys) > 1 else "", Data(figure.data.take(np.ones(len(figure.data), bool), part))))
    return panels


def _path(figure: Figure, ax: Axes, data: Data) -> list[Entry]:
    name = figure.options.get("attach")
    if figure.options.get("background"):
        _background(figure, ax, data)
    entries: list[Entry] = []
    for key, part, color in _group_style(figure, data):
        line = None
        for points in _attached_paths(figure, part, name) if name else _row_paths(figure, part):
            (line,) = ax.plot(points[:, 0], points[:, 1], color=color, linewidth=1.3, marker="o", markersize=2.2)
            ax.plot(*points[0], marker="o", color=color, markersize=6, markerfacecolor="none")
            ax.plot(*points[-1], marker="*", color=color, markersize=8)
        if line is not None:
            entries.append((line, figure.name(key)))
    ax.set(xlabel=figure.label(figure.x), ylabel=figure.label(figure.y[0]) if figure.y else "")
    return entries


def _row_paths(figure: Figure, part: Data) -> list[np.ndarray]:
    if not (figure.x and figure.y):
        raise ReportError("kind path needs x and y, or attach=NAME")
    return [np.column_stack([run[figure.x], run[figure.y[0]]]) for run in figures.runs(part)]


def _attached_paths(figure: Figure, part: Data, name: str) -> list[np.ndarray]:
    i, j = (int(v) for v in numbers(figure.options.get("dims", "0,1")))
    paths: dict[tuple, list[Array]] = {}
    for a in part.arrays(name):
        if "seed" not in figure.options or a.seed == int(figure.options["seed"]):
            paths.setdefault((a.arm, tuple(a.point.items()), a.seed), []).append(a)
    if not paths:
        raise ReportError(f"no attachment `{name}`")
    out = []
    for arrays in paths.values():
        arrays.sort(key=lambda a: a.row)
        stacked = arrays[0].array if arrays[0].array.ndim == 2 else np.array([a.array.ravel() for a in arrays])
        if stacked.shape[1] <= max(i, j):
            raise ReportError(f"attachment `{name}` has {stacked.shape[1]} entries; dims={i},{j} asks for more")
        out.append(stacked[:, [i, j]])
    return out


def _background(figure: Figure, ax: Axes, data: Data) -> None:
    array = _one_array(figure, data, figure.options["background"]).array
    extent = numbers(figure.options.get("extent"))
    if len(extent) != 4:
        raise ReportError("background=NAME needs extent=x0,x1,y0,y1")
    x, y = np.linspace(extent[0], extent[1], array.shape[1]), np.linspace(extent[2], extent[3], array.shape[0])
    ax.contour(x, y, array, levels=12, colors=style.MUTED, linewidths=0.6, alpha=0.7)


def _drawing(figure: Figure, ax: Axes, data: Data) -> list[Entry]:
    points = _one_array(figure, data, figure.options.get("attach", "polygons"))
    same = Data(
        data.take(
            np.zeros(len(data), bool),
            [a for a in data._arrays if (a.arm, a.point, a.seed) == (points.arm, points.point, points.seed)],
        )
    )
    offsets = _one_array(figure, same, "offsets").array.ravel().astype(int)
    if (
        points.array.ndim != 2
        or points.array.shape[1] != 2
        or len(offsets) < 2
        or offsets[-1] != len(points.array)
        or np.any(np.diff(offsets) < 0)
    ):
        raise ReportError("a drawing needs vertices P x 2 and offsets that rise from 0 to P")
    polygons = [points.array[a:b] for a, b in pairwise(offsets)]

    def optional(name: str) -> np.ndarray | None:
        found = same.arrays(name)
        return max(found, key=lambda a: a.row).array.ravel()[: len(polygons)] if found else None

    value, depth, group = optional("value"), optional("depth"), optional("group")
    widths = 0.6 if depth is None else np.maximum(0.25, 2.2 * 0.72**depth)
    collection = PolyCollection(polygons, linewidths=widths, edgecolors=style.INK, facecolors="none" if value is None else None)
    if value is not None:
        collection.set(array=value, cmap=style.CMAP, norm=_norm(figure, _every(figure, "value")))
        collection.set_edgecolor(style.FACE if depth is None else style.INK)
    elif group is not None:
        collection.set(facecolors=[style.color(int(g)) for g in group], alpha=0.75)
    ax.add_collection(collection)
    ax.autoscale_view()
    ax.grid(False)
    ax.set_axis_off()
    if value is not None:
        figure.scale = (collection, "value")
    return []


DRAW: dict[str, Callable[[Figure, Axes, Data], list[Entry]]] = {
    "curve": _curve,
    "ecdf": _ecdf,
    "box": _box,
    "bar": _bar,
    "scatter": _scatter,
    "heat": _heat,
    "path": _path,
    "drawing": _drawing,
}
