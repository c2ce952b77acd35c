"""A declared figure: its options, the rows it selects, statistics over seeds, and the same as CSV. README.md is the contract."""

from __future__ import annotations

import importlib.util
import io
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from . import style, words
from .store import CELL, POINT, TIERS, AbsentError, Definition, ReportError, Store, Table, parse_point, show_key, unique

KINDS = ("curve", "ecdf", "box", "bar", "scatter", "heat", "table", "path", "drawing", "custom")
OPTIONS = {
    "xscale",
    "yscale",
    "xlabel",
    "ylabel",
    "title",
    "xlim",
    "ylim",
    "band",
    "runs",
    "panels",
    "markers",
    "ratio",
    "attach",
    "value",
    "vscale",
    "vlim",
    "vlabel",
    "contour",
    "extent",
    "background",
    "dims",
    "aspect",
    "seed",
    "hline",
    "vline",
    "slope",
    "labels",
}
NEEDS_Y = {"curve", "ecdf", "box", "bar", "scatter"}
CSV_ROWS = 200_000


def parse_options(text: str | None) -> dict[str, str]:
    """ "xscale=log xlabel='oracle calls'" as a dict; an unknown name is an error."""
    try:
        items = shlex.split(text or "")
    except ValueError as error:
        raise ReportError(f"options `{text}`: {error}") from None
    options: dict[str, str] = {}
    for word in items:
        name, equals, value = word.partition("=")
        if not equals or name not in OPTIONS:
            raise ReportError(f"option `{word}` is not one of {', '.join(sorted(OPTIONS))} (as name=value)")
        options[name] = value
    return options


def numbers(text: str | None) -> list[float]:
    """ "1,2.5" as floats."""
    try:
        return [float(v) for v in (text or "").split(",") if v.strip()]
    except ValueError:
        raise ReportError(f"`{text}` is not a list of numbers") from None


def limits(text: str | None) -> tuple[float | None, float | None]:
    """ "1e-8," as (1e-8, None)."""
    if not text:
        return None, None
    parts = text.split(",")
    if len(parts) != 2:
        raise ReportError(f"`{text}` is not a pair of limits such as 0,1 or 1e-8,")
    low, high = (float(p) if p.strip() else None for p in parts)
    return low, high


class Data(Table):
    """What a figure draws: a table, arrays, and the theme's colours."""

    colors, ink, muted, cmap = style.SERIES, style.INK, style.MUTED, style.CMAP

    def __init__(self, table: Table):
        super().__init__(table.data, table.rows, table._arrays)

    def where(self, text: str | None) -> Data:
        return Data(super().where(text))

    def groups(self, *by: str) -> Iterator[tuple[Any, Data]]:
        for key, part in super().groups(*by):
            yield key, Data(part)


@dataclass
class Figure:
    """A figure with its rows."""

    owner: str
    id: str
    kind: str
    body: dict[str, Any]
    data: Data
    options: dict[str, str]
    x: str = ""
    y: list[str] = field(default_factory=list)
    by: list[str] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    scale: tuple[Any, str] | None = None  # set by drawing: what the colour scale explains, and its label

    def on(self, option: str) -> bool:
        return self.options.get(option, "0") not in ("0", "no", "none", "off", "false", "")

    def labels(self) -> dict[str, str]:
        """The option "page:PAGE-Halpern mini:with mini-batches": a name runs to the next word with a colon."""
        entries = re.split(r"\s+(?=[^\s:]+:)", self.options.get("labels", "").strip())
        return dict(e.split(":", 1) for e in entries if ":" in e)

    def label(self, column: str) -> str:
        unit = self.units.get(column, "")
        return words.label(f"{column} [{unit}]" if unit else column)

    def name(self, key: Any) -> str:
        """A group's name in the legend."""
        text = show_key(key)
        if text in self.labels():
            return self.labels()[text]
        if self.by and not isinstance(key, tuple) and not isinstance(key, str):
            return f"{self.by[0]} = {text}"
        return text

    def sorted_groups(self, table: Data) -> list[tuple[Any, Data]]:
        """Groups by `by`, in the order of the `labels` option where it names them."""
        groups = list(table.groups(*self.by))
        order = list(self.labels())
        return sorted(groups, key=lambda g: order.index(show_key(g[0])) if show_key(g[0]) in order else len(order))

    def panels(self) -> list[tuple[str, Data]]:
        column = self.options.get("panels")
        if not column:
            return [("", self.data)]
        parts = list(self.data.groups(column))
        if len(parts) > 12:
            raise ReportError(f"panels={column} makes {len(parts)} panels; at most 12 are drawn (narrow it with where)")
        return [(key if isinstance(key, str) else f"{column} = {show_key(key)}", part) for key, part in parts]


def load(store: Store, definition: Definition, tier: int) -> Figure:
    """The figure's rows and arrays; an error says what is missing."""
    body = definition.body
    kind = str(body.get("kind") or "")
    if kind not in KINDS:
        raise ReportError(f"kind `{kind}` is not one of {', '.join(KINDS)}")
    options = parse_options(body.get("options"))
    arrays = kind in ("drawing", "custom") or any(options.get(o) for o in ("attach", "background"))
    table = store.experiment_table(
        definition.owner, str(body.get("experiment")), tier, f"figure:{definition.id}", attachments=arrays
    )
    if not table.rows and not table._arrays:
        raise _nothing(store, definition.owner, str(body.get("experiment")), tier)
    derived = [str(d["name"]) for d in body.get("derive") or [] if isinstance(d, dict) and d.get("name")]
    made_later = [name for name in derived if name not in table]
    if made_later:
        raise ReportError(f"its derived columns ({', '.join(made_later)}) are not in the store; `claimcheck verify` makes them")
    data = Data(table).where(body.get("where"))
    figure = Figure(
        definition.owner,
        definition.id,
        kind,
        body,
        data,
        options,
        str(body.get("x") or ""),
        (body.get("y") or "").split(),
        (body.get("by") or "").split(),
        store.units(definition.owner),
    )
    _complete(figure)
    return figure


def _nothing(store: Store, owner: str, experiment: str, tier: int) -> ReportError:
    """Why an experiment has no rows."""
    if store.definition("experiment", owner, experiment) is None:
        return ReportError(f"there is no experiment `{experiment}`")
    members = store.members(owner, experiment, tier)
    if not members:
        return AbsentError(f"experiment {experiment} is not part of the {TIERS[tier]} tier, or has not been run at it")
    state, why = next(((m.status, m.message or m.cause) for m in members if m.status != "done"), ("done", "no rows"))
    if state in ("skipped", "not run"):
        return AbsentError(f"experiment {experiment} is {state}" + (f": {why}" if why else ""))
    return ReportError(f"no cell of experiment {experiment} gave a row ({why})")


def _complete(figure: Figure) -> None:
    """Defaults of `by`, and the columns that the kind cannot do without."""
    kind, data = figure.kind, figure.data
    if kind in NEEDS_Y and not figure.y:
        raise ReportError(f"kind {kind} needs y")
    if kind in ("curve", "scatter") and not figure.x:
        raise ReportError(f"kind {kind} needs x")
    if kind == "heat" and not figure.options.get("attach"):
        value = figure.options.get("value") or (figure.y[1] if len(figure.y) > 1 else "")
        if not value and len(figure.by) == 1 and figure.by[0] in data and not data.is_text(figure.by[0]):
            value, figure.by = figure.by[0], []
        if not (figure.x and figure.y and value):
            raise ReportError('kind heat needs x, y and a value (y="rows value" or value=column), or attach=NAME')
        figure.y = [figure.y[0], value]
    if kind == "heat" and figure.by:
        figure.options.setdefault("panels", figure.by[0])
    if not figure.by and kind in ("curve", "ecdf", "scatter", "path", "drawing") and "arm" in data:
        figure.by = ["arm"]
    if not figure.by and not figure.x and kind in ("box", "bar"):
        figure.by = ["arm"]
    if data.rows and not (kind == "path" and figure.options.get("attach")):
        for column in [
            *figure.x.split(),
            *figure.y,
            *figure.by,
            *([figure.options["panels"]] if "panels" in figure.options else []),
        ]:
            data[column]


def runs(table: Table) -> Iterator[Table]:
    """The single runs: one cell, one seed."""
    for _, part in table.groups(*[c for c in (CELL, "seed") if c in table]):
        yield part


@dataclass
class Summary:
    """Median and quartiles of y over runs, at each x."""

    x: np.ndarray
    median: np.ndarray
    low: np.ndarray
    high: np.ndarray
    count: np.ndarray


def summarise(table: Table, x: str, y: str, log_x: bool = False) -> Summary:
    """Over runs at equal x; where their checkpoints differ, each run is interpolated between its own, never beyond them."""
    if table.is_text(x) or table.is_text(y):
        raise ReportError(f"`{x}` and `{y}` must be numbers")
    keep = np.isfinite(table[x]) & ~np.isnan(table[y])
    table = table.take(keep)
    parts = [(p[x], p[y]) for p in runs(table)]
    grid = np.unique(table[x])
    longest = max((len(np.unique(px)) for px, _ in parts), default=0)
    if longest >= 3 and len(grid) > 1.5 * longest:
        return _interpolated(parts, grid, log_x)
    stats = [_quartiles(table[y][table[x] == v]) for v in grid]
    low, median, high = (np.array([s[i] for s in stats]) for i in range(3))
    return Summary(grid, median, low, high, np.array([np.count_nonzero(table[x] == v) for v in grid]))


def _quartiles(values: np.ndarray) -> tuple[float, float, float]:
    """Quartiles that are values of the sample where the sample has infinities (a difference of two is not a number)."""
    method = "linear" if np.all(np.isfinite(values)) else "nearest"
    low, median, high = np.quantile(values, [0.25, 0.5, 0.75], method=method)
    return float(low), float(median), float(high)


def _interpolated(parts: list[tuple[np.ndarray, np.ndarray]], grid: np.ndarray, log_x: bool) -> Summary:
    log_x = log_x and grid[0] > 0
    if len(grid) > 200:
        grid = np.geomspace(grid[0], grid[-1], 200) if log_x else np.linspace(grid[0], grid[-1], 200)
    where = np.log(grid) if log_x else grid
    rows = np.full((len(parts), len(grid)), np.nan)
    for row, (px, py) in zip(rows, parts):
        order = np.argsort(px, kind="stable")
        row[:] = np.interp(where, np.log(px[order]) if log_x else px[order], py[order], left=np.nan, right=np.nan)
    count = np.sum(~np.isnan(rows), axis=0)
    keep = 2 * count >= len(parts)
    low, median, high = np.nanquantile(rows[:, keep], [0.25, 0.5, 0.75], axis=0)
    return Summary(grid[keep], median, low, high, count[keep])


def performance_ratio(table: Table, y: str, by: list[str]) -> np.ndarray:
    """y over the least y of all `by` at the same point, seed and target: 1 is the best."""
    values = np.where(_reached(table), table[y], np.inf)
    keys = [c for c in ("problem", "seed", "target", *_axes(table)) if c in table and c not in by]
    ratio = np.full(table.rows, np.inf)
    index = Table({**{k: table[k] for k in keys}, "_row": np.arange(table.rows, dtype=float)})
    for _, part in index.groups(*dict.fromkeys(keys)):
        rows = part["_row"].astype(int)
        best = np.min(values[rows])
        if np.isfinite(best):
            ratio[rows] = values[rows] / best if best else np.where(values[rows] == 0, 1, np.inf)
    return ratio


def _axes(table: Table) -> list[str]:
    """Names of the axes of the points."""
    return list(dict.fromkeys(name for point in unique(table[POINT]) for name in parse_point(point))) if POINT in table else []


def _reached(table: Table) -> np.ndarray:
    return table["reached"] != 0 if "reached" in table else np.ones(table.rows, dtype=bool)


def ecdf(table: Table, y: str, values: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Steps of the share of rows with value <= v; what was never reached counts in the denominator only."""
    values = table[y] if values is None else values
    good = np.sort(values[np.isfinite(values) & _reached(table)])
    return good, np.arange(1, len(good) + 1) / max(len(values), 1)


def table_cells(figure: Figure) -> tuple[list[str], list[list[str]]]:
    """The head and the rows of a figure of kind table: keys, each y across `by`; median [quartiles] where rows meet."""
    data = figure.data
    keys = figure.x.split() or [c for c in ("arm",) if c not in figure.by]
    columns = figure.y or [c for c in data.columns if c not in {*keys, *figure.by, "seed", "arm"}]
    across = [key for key, _ in data.groups(*figure.by)] if figure.by else [""]
    head = keys + [
        (c if len(across) == 1 and not figure.by else figure.name(k) if len(columns) == 1 else f"{figure.name(k)}: {c}")
        for k in across
        for c in columns
    ]
    rows = []
    for key, part in data.groups(*keys):
        row = [show_key(k) for k in (key if isinstance(key, tuple) else (key,))] if keys else []
        parts = dict(part.groups(*figure.by)) if figure.by else {"": part}
        for k in across:
            row += [_cell(parts[k][c]) if k in parts else "–" for c in columns]
        rows.append(row)
    return head, rows


def _cell(values: np.ndarray) -> str:
    if values.dtype == object:
        return ", ".join(str(v) for v in unique(values)[:4])
    values = values[~np.isnan(values)]
    if not len(values):
        return "–"
    low, median, high = _quartiles(values)
    return f"{median:.4g}" if low == high else f"{median:.4g} [{low:.3g}, {high:.3g}]"


def used_columns(figure: Figure) -> list[str]:
    """Columns of the CSV: which run, and what is drawn (all, where the figure chooses for itself)."""
    data = figure.data
    if figure.kind == "custom" or (figure.kind == "table" and not figure.y):
        return data.columns
    names = ["arm", *_axes(data), "seed", "step", "target", "reached", "outcome", *figure.x.split(), *figure.y, *figure.by]
    names += [figure.options[o] for o in ("panels", "value") if o in figure.options]
    # A path of attached candidates may name its coordinates without their being columns.
    return [c for c in dict.fromkeys(names) if c in data]


def to_csv(table: Table, columns: list[str]) -> tuple[str, bool]:
    """CSV with numbers that read back exactly; True: it was cut at CSV_ROWS."""
    rows = min(table.rows, CSV_ROWS)
    parts = [_text_column(table[c][:rows]) for c in columns]
    out = io.StringIO()
    out.write(",".join(_quote(c) for c in columns) + "\n")
    out.writelines(",".join(row) + "\n" for row in zip(*parts))
    return out.getvalue(), rows < table.rows


def _text_column(column: np.ndarray) -> list[str]:
    if column.dtype == object:
        seen: dict[str, str] = {}
        return [seen.setdefault(v, _quote(v)) for v in column.tolist()]
    whole = np.isfinite(column) & (column == np.round(column)) & (np.abs(column) < 1e15)
    return [str(int(v)) if w else repr(v) for v, w in zip(column.tolist(), whole.tolist())]


def _quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') else text


def arrays_csv(arrays: list[Any]) -> str:
    """Attachments in long form: one line a number, with its indices."""
    out = io.StringIO()
    rank = max((a.array.ndim for a in arrays), default=0)
    out.write(",".join(["name", "arm", "point", "seed", "row", *[f"i{k + 1}" for k in range(rank)], "value"]) + "\n")
    for a in arrays:
        head = ",".join(
            [_quote(a.name), _quote(a.arm), _quote(" ".join(f"{k}={v}" for k, v in a.point.items())), str(a.seed), str(a.row)]
        )
        for index, value in zip(np.ndindex(*a.array.shape), a.array.ravel().tolist()):
            places = [str(i) for i in index] + [""] * (rank - len(index))
            out.write(f"{head},{','.join(places)},{value!r}\n" if rank else f"{head},{value!r}\n")
    return out.getvalue()


def custom_file(folder: Path | None, owner: str) -> Path | None:
    """The figures.py of a plug-in: gns.py, 03_gns.py or 03_gns/figures.py."""
    if folder is None or not folder.is_dir():
        return None
    for path in [*sorted(folder.glob("*.py")), *sorted(folder.glob("*/figures.py"))]:
        name = path.parent.name if path.name == "figures.py" and path.parent != folder else path.stem
        if name == owner or name.endswith(f"_{owner}"):
            return path
    return None


def custom_module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"figures_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ReportError(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not callable(getattr(module, "draw", None)):
        raise ReportError(f"{path} has no function draw(figure, data, fig)")
    return module
