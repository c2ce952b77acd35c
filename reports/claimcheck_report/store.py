"""The result store, read-only: definitions, rows of experiments, attachments, verdicts. The only file with SQL."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

TIERS = ("quick", "standard", "extended")
TABLES = {"meta", "environment", "cell", "cell_column", "attachment", "definition", "member", "verdict", "derived", "benchmark"}


class ReportError(Exception):
    """Something the user can put right; its text says what."""


class AbsentError(ReportError):
    """Nothing is wrong: there is nothing to show at this tier, or its data are not on this machine."""


@dataclass(frozen=True)
class Array:
    """An attachment, and the run it belongs to."""

    name: str
    array: np.ndarray
    arm: str
    point: dict[str, str]
    seed: int
    row: int


# Columns of ours beside those of a measure, which may have any other name.
CELL, POINT = "@cell", "@point"
CONDITION = re.compile(r"([^\s=!<>]+?)(<=|>=|!=|=|<|>)(\S*)$")


class Table:
    """Named columns of one length: float64, or object for text."""

    def __init__(self, columns: dict[str, np.ndarray] | None = None, rows: int = 0, arrays: list[Array] | None = None):
        self.data = columns or {}
        self.rows = len(next(iter(self.data.values()))) if self.data else rows
        self._arrays = arrays or []

    def __len__(self) -> int:
        return self.rows

    def __contains__(self, name: str) -> bool:
        return name in self.data

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self.data:
            raise ReportError(f"no column `{name}`; there are: {', '.join(self.columns) or 'none'}")
        return self.data[name]

    @property
    def columns(self) -> list[str]:
        return [name for name in self.data if not name.startswith("@")]

    def is_text(self, name: str) -> bool:
        return self[name].dtype == object

    def take(self, mask: np.ndarray, arrays: list[Array] | None = None) -> Table:
        return Table({k: v[mask] for k, v in self.data.items()}, 0, self._arrays if arrays is None else arrays)

    def arrays(self, name: str, arm: str | None = None) -> list[Array]:
        return [a for a in self._arrays if a.name == name and arm in (None, a.arm)]

    def where(self, text: str | None) -> Table:
        """Rows that satisfy every condition of "arm=page,mini k>=300"; the grammar of a check's `where`."""
        table = self
        for word in (text or "").split():
            match = CONDITION.match(word)
            if not match:
                raise ReportError(f"`{word}` in where is not a condition such as k>=300 or arm=page,mini")
            name, relation, value = match.groups()
            keep = _holds(table[name], relation, value)
            arrays = table._arrays
            if name == "arm":
                arrays = [a for a in arrays if _holds(np.array([a.arm], object), relation, value)[0]]
            elif any(name in a.point for a in arrays):
                arrays = [a for a in arrays if name not in a.point or _holds(_typed([a.point[name]]), relation, value)[0]]
            table = table.take(keep, arrays)
        return table

    def groups(self, *by: str) -> Iterator[tuple[Any, Table]]:
        """Parts with equal values of the columns `by`, in order of first appearance (numbers: ascending)."""
        if not by:
            yield "", self
            return
        codes = np.zeros(self.rows, dtype=np.int64)
        for name in by:
            column = self[name]
            values = unique(column)
            place = {v: i for i, v in enumerate(values)}
            codes = codes * (len(values) + 1) + np.array([place[_key(v)] for v in column], dtype=np.int64)
        for code in np.unique(codes):
            mask = codes == code
            first = int(np.argmax(mask))
            key = tuple(_key(self[name][first]) for name in by)
            yield (key[0] if len(by) == 1 else key), self.take(mask, self._matching(by, key))

    def _matching(self, by: tuple[str, ...], key: tuple) -> list[Array]:
        def same(a: Array) -> bool:
            for name, value in zip(by, key):
                have = a.arm if name == "arm" else a.seed if name == "seed" else a.point.get(name)
                if have is not None and show_key(have) != show_key(value):
                    return False
            return True

        return [a for a in self._arrays if same(a)]


def _key(value: Any) -> Any:
    if isinstance(value, str):
        return value
    return None if value != value else float(value)


def show_key(value: Any) -> str:
    """Values of a column as people write them: 3, not 3.0."""
    if value is None:
        return "–"
    if isinstance(value, tuple):
        return ", ".join(show_key(v) for v in value)
    try:
        return f"{float(value):.6g}"
    except ValueError:
        return str(value)


def unique(column: np.ndarray) -> list[Any]:
    """Numbers ascending (NaN as None, last), texts by first appearance."""
    if column.dtype == object:
        return list(dict.fromkeys(column.tolist()))
    finite = column[~np.isnan(column)]
    return np.unique(finite).tolist() + ([None] if len(finite) < len(column) else [])


def _holds(column: np.ndarray, relation: str, value: str) -> np.ndarray:
    if relation in ("=", "!="):
        keep = np.zeros(len(column), dtype=bool)
        for item in value.split(","):
            if column.dtype == object:
                keep |= column == item
            else:
                keep |= np.isclose(column, _number(item), rtol=1e-12, atol=0)
        return keep if relation == "=" else ~keep
    if column.dtype == object:
        raise ReportError(f"`{relation}` compares numbers; the column is text")
    bound = _number(value)
    with np.errstate(invalid="ignore"):
        return {"<": column < bound, "<=": column <= bound, ">": column > bound, ">=": column >= bound}[relation]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ReportError(f"`{text}` is not a number") from None


def _typed(values: list[str]) -> np.ndarray:
    try:
        return np.array([float(v) for v in values])
    except ValueError:
        return np.array(values, dtype=object)


def parse_point(text: str) -> dict[str, str]:
    """ "mu=0.5 problem=lse(n=3)" as a dict; a value may hold blanks inside brackets."""
    point: dict[str, str] = {}
    for word in re.findall(r"[^\s=]+=(?:\([^)]*\)|[^\s(])*", text):
        name, _, value = word.partition("=")
        point[name] = value
    return point


def _decode(blob: bytes, text: int, rows: int, where: str) -> np.ndarray:
    if text:
        parts = blob.decode("utf-8", "replace").split("\0")
        values = np.array(parts[:-1] if parts and parts[-1] == "" else parts, dtype=object)
    else:
        if len(blob) % 8:
            raise ReportError(f"{where}: a damaged column ({len(blob)} bytes)")
        values = np.frombuffer(blob, dtype="<f8")
    if len(values) == rows:
        return values
    if len(values) == 1:
        return np.full(rows, values[0], dtype=values.dtype)
    raise ReportError(f"{where}: {len(values)} values for {rows} rows")


@dataclass
class Member:
    arm: str
    point: str
    key: str
    cell: int | None
    status: str
    cause: str
    message: str
    rows: int
    seconds: float
    finished: str


@dataclass
class Verdict:
    owner: str
    claim: str
    tier: int
    verdict: str
    numbers: dict[str, float | None]
    campaign_mark: bool
    message: str
    body: dict[str, Any]
    judged: str


@dataclass
class Definition:
    owner: str
    kind: str
    id: str
    body: dict[str, Any] = field(default_factory=dict)


class Store:
    """An open store. Nothing here writes: the connection itself is read-only."""

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self._units: dict[str, dict[str, str]] = {}
        if not self.path.is_file():
            raise ReportError(f"{path}: no such store (claimcheck run makes one)")
        self.db = self._connect()
        self.db.row_factory = sqlite3.Row
        try:
            found = {r[0] for r in self.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        except sqlite3.DatabaseError as error:
            raise ReportError(f"{path}: not a result store ({error})") from None
        if TABLES - found:
            raise ReportError(f"{path}: not a result store (it has no table {', '.join(sorted(TABLES - found))})")

    def _connect(self) -> sqlite3.Connection:
        uri = self.path.resolve().as_uri()
        db = sqlite3.connect(f"{uri}?mode=ro", uri=True, timeout=30)
        try:
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            # A write-ahead log in a folder that may not be written needs a shared-memory file it cannot have.
            db.close()
            db = sqlite3.connect(f"{uri}?immutable=1", uri=True)
        except sqlite3.DatabaseError:
            pass
        return db

    def close(self) -> None:
        self.db.close()

    def meta(self) -> dict[str, str]:
        return {r["key"]: r["value"] for r in self.db.execute("SELECT key, value FROM meta ORDER BY key")}

    def definitions(self, kind: str, owner: str | None = None) -> list[Definition]:
        rows = self.db.execute(
            "SELECT owner, kind, id, json FROM definition WHERE kind = ? AND (? IS NULL OR owner = ?) ORDER BY owner, position",
            (kind, owner, owner),
        )
        return [Definition(r["owner"], r["kind"], r["id"], _json(r["json"])) for r in rows]

    def definition(self, kind: str, owner: str, ident: str) -> Definition | None:
        return next((d for d in self.definitions(kind, owner) if d.id == ident), None)

    def tier_of(self, owner: str) -> int:
        """The tier with most judged claims, the higher one on a tie; without any, that with members; else standard."""
        for table in ("verdict", "member"):
            row = self.db.execute(
                f"SELECT tier FROM {table} WHERE owner = ? GROUP BY tier ORDER BY count(*) DESC, tier DESC LIMIT 1", (owner,)
            ).fetchone()
            if row:
                return int(row[0])
        return 1

    def verdicts(self, owner: str, tier: int) -> dict[str, Verdict]:
        rows = self.db.execute("SELECT * FROM verdict WHERE owner = ? AND tier = ?", (owner, tier))
        names = ("estimate", "low", "high", "p", "p_holm")
        return {
            r["claim"]: Verdict(
                owner,
                r["claim"],
                tier,
                r["verdict"],
                {n: r[n] for n in names},
                bool(r["campaign_mark"]),
                r["message"],
                _json(r["json"]),
                r["judged"],
            )
            for r in rows
        }

    def members(self, owner: str, experiment: str, tier: int, overlay: str = "") -> list[Member]:
        rows = self.db.execute(
            "SELECT m.arm, m.point, m.key, c.id AS cell, c.status, c.cause, c.message, c.rows, c.seconds, c.finished "
            "FROM member m "
            "LEFT JOIN cell c ON c.key = m.key "
            "WHERE m.owner = ? AND m.experiment = ? AND m.overlay = ? AND m.tier = ? ORDER BY m.position",
            (owner, experiment, overlay, tier),
        )
        return [
            Member(
                r["arm"],
                r["point"],
                r["key"],
                r["cell"],
                r["status"] or "not run",
                r["cause"] or "",
                r["message"] or "",
                r["rows"] or 0,
                r["seconds"] or 0.0,
                r["finished"] or "",
            )
            for r in rows
        ]

    def experiment_table(
        self,
        owner: str,
        experiment: str,
        tier: int,
        user: str = "",
        overlay: str = "",
        columns: set[str] | None = None,
        attachments: bool = False,
    ) -> Table:
        """Rows of every cell that is done, in plan order, with arm, point and the derived columns of `user`."""
        members = [m for m in self.members(owner, experiment, tier, overlay) if m.cell is not None and m.status == "done"]
        parts = [self._cell_columns(m, owner, user, columns) for m in members if m.rows]
        arrays = [a for m in members for a in self._attached(m)] if attachments else []
        names = list(dict.fromkeys(n for part in parts for n in part))
        rows = [len(next(iter(part.values()))) for part in parts]
        table = {n: _stack([part.get(n) for part in parts], rows) for n in names}
        return Table(table, 0, arrays)

    def _cell_columns(self, m: Member, owner: str, user: str, columns: set[str] | None) -> dict[str, np.ndarray]:
        where = f"cell {m.cell} ({m.arm} {m.point})"
        data = {"arm": np.full(m.rows, m.arm, dtype=object), POINT: np.full(m.rows, m.point, dtype=object)}
        for r in self.db.execute("SELECT name, text, data FROM cell_column WHERE cell = ?", (m.cell,)):
            if r["name"] != "arm" and (columns is None or r["name"] in columns):
                data[r["name"]] = _decode(r["data"], r["text"], m.rows, f"{where}, column {r['name']}")
        for name, value in parse_point(m.point).items():
            if name not in data and (columns is None or name in columns):
                data[name] = np.repeat(_typed([value]), m.rows)
        data[CELL] = np.full(m.rows, float(m.cell or 0))
        if user:
            for r in self.db.execute(
                "SELECT name, data FROM derived WHERE owner = ? AND user = ? AND cell = ?", (owner, user, m.cell)
            ):
                data[r["name"]] = _decode(r["data"], 0, m.rows, f"{where}, derived column {r['name']}")
        return data

    def _attached(self, m: Member) -> Iterator[Array]:
        for r in self.db.execute(
            "SELECT name, seed, row, shape, data FROM attachment WHERE cell = ? ORDER BY name, seed, row", (m.cell,)
        ):
            shape = tuple(int(s) for s in r["shape"].split(",") if s.strip())
            values = np.frombuffer(r["data"], dtype="<f8")
            if values.size != int(np.prod(shape)):
                raise ReportError(f"cell {m.cell}: attachment {r['name']} of shape {r['shape']} holds {values.size} values")
            yield Array(r["name"], values.reshape(shape), m.arm, parse_point(m.point), int(r["seed"]), int(r["row"]))

    def fingerprint(self, owner: str, experiment: str, tier: int, user: str) -> str:
        """Changes whenever the rows, attachments or derived columns of an experiment do."""
        digest = hashlib.sha256()
        for m in self.members(owner, experiment, tier):
            digest.update(f"{m.arm}|{m.point}|{m.key}|{m.status}|{m.rows}|{m.finished}\n".encode())
        rows = self.db.execute(
            "SELECT d.name, d.data FROM derived d JOIN cell c ON c.id = d.cell JOIN member m ON m.key = c.key "
            "WHERE d.owner = ? AND d.user = ? AND m.owner = ? AND m.experiment = ? AND m.overlay = '' AND m.tier = ? "
            "ORDER BY m.position, d.name",
            (owner, user, owner, experiment, tier),
        )
        for r in rows:
            digest.update(r["name"].encode() + b"\0" + bytes(r["data"]))
        return digest.hexdigest()

    def environments(self) -> list[dict[str, Any]]:
        rows = self.db.execute(
            "SELECT e.id, e.digest, e.json, count(c.id) AS cells, coalesce(sum(c.seconds), 0) AS seconds, "
            "min(c.finished) AS first, max(c.finished) AS last "
            "FROM environment e LEFT JOIN cell c ON c.environment = e.id GROUP BY e.id ORDER BY e.id"
        )
        return [
            {**{k: r[k] for k in ("id", "digest", "cells", "seconds", "first", "last")}, "json": _json(r["json"])} for r in rows
        ]

    def cell_counts(self) -> dict[str, int]:
        return dict(self.db.execute("SELECT status, count(*) FROM cell GROUP BY status ORDER BY status").fetchall())

    def causes(self) -> list[sqlite3.Row]:
        return self.db.execute(
            "SELECT status, cause, count(*) AS cells FROM cell WHERE status != 'done' GROUP BY status, cause"
        ).fetchall()

    def experiment_cost(self) -> list[dict[str, Any]]:
        """Cells, states, seconds and memory of each experiment (its overlays included) and tier."""
        rows = self.db.execute(
            "SELECT owner, experiment, tier, count(*) AS cells, sum(status = 'done') AS done, sum(status = 'error') AS errors, "
            "sum(status = 'skipped') AS skipped, sum(status IS NULL) AS missing, coalesce(sum(seconds), 0) AS seconds, "
            "coalesce(max(seconds), 0) AS slowest, coalesce(max(peak_bytes), 0) AS peak, max(coalesce(timed, 0)) AS timed FROM "
            "(SELECT DISTINCT m.owner, m.experiment, m.tier, m.key, c.status, c.seconds, c.peak_bytes, c.timed FROM member m "
            "LEFT JOIN cell c ON c.key = m.key) GROUP BY owner, experiment, tier ORDER BY owner, experiment, tier"
        )
        return [dict(r) for r in rows]

    def benchmarks(self) -> list[tuple[str, str, dict[str, Any]]]:
        """The last run of each owner."""
        rows = self.db.execute("SELECT owner, max(finished) AS finished, json FROM benchmark GROUP BY owner ORDER BY owner")
        return [(r["owner"], r["finished"], _json(r["json"])) for r in rows]

    def units(self, owner: str) -> dict[str, str]:
        """The unit of each column that any definition documents; the plug-in's own go before others'."""
        if owner in self._units:
            return self._units[owner]
        found = self._units[owner] = {}
        for kind in ("family", "problem", "algorithm", "experiment", "claim", "figure"):
            for d in sorted(self.definitions(kind), key=lambda d: d.owner == owner):
                found.update(_walk_units(d.body))
        return found


def _walk_units(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        name, unit = node.get("name"), node.get("unit")
        if isinstance(name, str) and isinstance(unit, str) and unit:
            yield name, unit
        for value in node.values():
            yield from _walk_units(value)
    elif isinstance(node, list):
        for value in node:
            yield from _walk_units(value)


def _stack(parts: list[np.ndarray | None], rows: list[int]) -> np.ndarray:
    text = any(p is not None and p.dtype == object for p in parts)
    out: list[np.ndarray] = []
    for part, n in zip(parts, rows):
        if part is None:
            out.append(np.full(n, "", dtype=object) if text else np.full(n, np.nan))
        elif text and part.dtype != object:
            out.append(np.array([show_key(v) for v in part], dtype=object))
        else:
            out.append(part)
    return np.concatenate(out)


def _json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {"value": value}
