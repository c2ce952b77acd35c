#!/usr/bin/python3
"""The site as files, the command, and words for numbers."""

from __future__ import annotations

import csv
import html.parser
import math
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from urllib.parse import unquote

REPORTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPORTS), str(REPORTS / "test")]

import make_store

from claimcheck_report import render, site, words

FOLDER = Path(tempfile.mkdtemp(prefix="claimcheck-reports-"))
STORE = FOLDER / "store.db"
OUT = FOLDER / "site"


def run_report(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, str(REPORTS / "report.py"), *words], capture_output=True, text=True, timeout=300, check=False
    )


def setUpModule() -> None:
    make_store.make(STORE, FOLDER / "figures")
    done = run_report(str(STORE), "--out", str(OUT), "--plugins", str(FOLDER / "figures"))
    assert done.returncode == 1, done.stderr  # one figure asks for a column that is not there


def tearDownModule() -> None:
    shutil.rmtree(FOLDER)


class Links(html.parser.HTMLParser):
    """What a page refers to, its ids and its text."""

    def __init__(self, path: Path):
        super().__init__()
        self.path, self.refs, self.ids, self.text = path, [], [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list) -> None:
        found = dict(attrs)
        self.ids += [found["id"]] if "id" in found else []
        self.refs += [found[k] for k in ("href", "src") if found.get(k) and tag != "use" and not found[k].startswith("data:image")]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


class Site(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.pages = {p.relative_to(OUT).as_posix(): Links(p) for p in sorted(OUT.rglob("*.html"))}

    def text(self, page: str) -> str:
        return " ".join(" ".join(self.pages[page].text).split())

    def test_every_page_is_there(self) -> None:
        self.assertEqual(
            set(self.pages),
            {
                "index.html",
                "trust.html",
                "environment.html",
                "benchmarks.html",
                "paper/descent.html",
                "paper/partition.html",
                "paper/runtime.html",
            },
        )

    def test_every_link_is_relative_and_leads_somewhere(self) -> None:
        for name, page in self.pages.items():
            self.assertEqual(len(page.ids), len(set(page.ids)), f"{name}: an id twice")
            for ref in page.refs:
                self.assertNotRegex(ref, r"^(\w+:|/)", f"{name}: {ref} is not relative")
                file, _, anchor = unquote(ref).partition("#")
                target = (page.path.parent / file).resolve() if file else page.path
                self.assertTrue(target.is_file(), f"{name}: {ref}")
                if anchor:
                    self.assertIn(anchor, self.pages[target.relative_to(OUT.resolve()).as_posix()].ids, f"{name}: {ref}")

    def test_nothing_is_fetched(self) -> None:
        for path in OUT.rglob("*"):
            if path.suffix in (".html", ".css", ".js"):
                self.assertNotRegex(path.read_text(encoding="utf-8"), r"(?:src|href)=\"(?:https?:)?//|@import|url\((?!#)")

    def test_verdicts_and_reasons(self) -> None:
        text = self.text("paper/descent.html")
        for said in (
            "2 verified",
            "1 refuted",
            "1 vacuous",
            "The control `stuck` passed",
            "a survey of people",
            "no number; 2.1 vectors",
            "set CLAIMCHECK_DATA to",
            "SIGSEGV",
            "deadline",
            "★ campaign-wide",
            "refuted, as it must be",
            "passed; it must be refuted",
            "statement from the paper",
            "numbers from pilot seeds",
            "p 0.0005 (the claim’s, after Holm: 0.0035)",
            "[−1.021, −0.975]",
            "detectable at power .8",
            "seed=7 step=3 n=100",
            "claimcheck verify --tier standard descent.rate",
            "no ordering where there is none",
            "its experiment is not part of it",
        ):
            self.assertIn(said, text)

    def test_a_figure_that_cannot_be_drawn_says_why(self) -> None:
        self.assertIn("Not drawn: no column `loss`; there are:", self.text("paper/descent.html"))

    def test_permalinks_are_the_claims_names(self) -> None:
        for claim in ("rate", "dimension_free", "users", "later"):
            self.assertIn(claim, self.pages["paper/descent.html"].ids)
            self.assertIn(f"descent.{claim}", self.pages["index.html"].ids)

    def test_data_of_a_claim(self) -> None:
        with (OUT / "data" / "descent.rate.rows.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(list(rows[0]), ["arm", "n", "seed", "step", "outcome", "gap", "bound"])
        self.assertTrue(all(float(r["bound"]) == 3.0 / float(r["step"]) for r in rows))

    def test_environment_and_benchmarks(self) -> None:
        text = self.text("environment.html")
        for said in ("Example CPU @ 2.40GHz", "gcc 12.2.0", "OpenBLAS", "abababab", "SIGSEGV", "0123abc"):
            self.assertIn(said, text)
        text = self.text("benchmarks.html")
        for said in ("step/1024", "1.33 µs", "7.8·10⁸", "O(N)", "1.3 %"):
            self.assertIn(said, text)

    def test_calibration_is_shown_when_there_is_one(self) -> None:
        folder = FOLDER / "calibration"
        folder.mkdir()
        (folder / "interval_coverage.csv").write_text(
            "# by simulation\nkind,nominal,covered\nexponent,0.95,0.947\n", encoding="utf-8"
        )
        (table,) = site.calibration_tables(folder)
        self.assertEqual((table["title"], table["rows"]), ("interval coverage", [["exponent", "0.95", "0.947"]]))
        self.assertTrue(site.off_target("coverage", "92.9") and site.off_target("false_verified", "5.1"))
        self.assertFalse(site.off_target("coverage", "95.0") or site.off_target("power", "40") or site.off_target("coverage", ""))
        text = self.text("trust.html")
        for kind in ("Exponent", "Ordering", "Probability", "settings"):
            self.assertIn(kind, text)
        done = run_report(str(STORE), "--out", str(FOLDER / "calibrated"), "--calibration", str(folder), "--quiet")
        self.assertEqual(done.returncode, 1)
        self.assertIn("0.947", (FOLDER / "calibrated" / "trust.html").read_text(encoding="utf-8"))


class Command(unittest.TestCase):
    def test_a_second_report_draws_nothing_again(self) -> None:
        before = {p: p.stat().st_mtime_ns for p in [*OUT.glob("figures/*"), *OUT.glob("data/*")]}
        started = time.monotonic()
        done = run_report(str(STORE), "--out", str(OUT), "--plugins", str(FOLDER / "figures"))
        self.assertLess(time.monotonic() - started, 20)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(before, {p: p.stat().st_mtime_ns for p in [*OUT.glob("figures/*"), *OUT.glob("data/*")]})

    def test_what_changed_is_drawn_again_and_what_is_gone_goes(self) -> None:
        store, out = FOLDER / "changing.db", FOLDER / "changing"
        shutil.copy(STORE, store)
        run_report(str(store), "--out", str(out), "--quiet")
        mine = out / "data" / "mine.csv"
        mine.write_text("not made by a report\n", encoding="utf-8")
        old = (out / "figures" / "descent.fig1.svg").read_text(encoding="utf-8")
        with sqlite3.connect(store) as db:
            db.execute("UPDATE definition SET json = replace(json, 'step k', 'iteration') WHERE id = 'fig1' AND owner = 'descent'")
            db.execute("DELETE FROM definition WHERE id = 'fig3'")
        db.close()
        run_report(str(store), "--out", str(out), "--quiet")
        self.assertNotEqual(old, (out / "figures" / "descent.fig1.svg").read_text(encoding="utf-8"))
        self.assertFalse((out / "figures" / "descent.fig3.svg").exists())
        self.assertTrue(mine.exists())

    def test_figures_only(self) -> None:
        out = FOLDER / "only"
        run_report("--store", str(STORE), "--out", str(out), "--figures-only", "--quiet")
        self.assertEqual({p.name for p in out.iterdir()}, {"figures", "data", render.MANIFEST})
        self.assertTrue((out / "figures" / "descent.fig1.svg").is_file())

    def test_another_tier_shows_claims_unjudged(self) -> None:
        out = FOLDER / "quick"
        run_report(str(STORE), "--out", str(out), "--tier", "quick", "--quiet")
        text = (out / "paper" / "descent.html").read_text(encoding="utf-8")
        self.assertIn("for smoke, not for quoting", text)
        self.assertIn("not judged at this tier", text)

    def test_errors_and_exit_codes(self) -> None:
        empty = FOLDER / "schema.db"
        db = sqlite3.connect(empty)
        db.executescript(make_store.SCHEMA.read_text(encoding="utf-8"))
        db.close()
        blocked = FOLDER / "file"
        blocked.write_text("", encoding="utf-8")
        for line, code, said in (
            ([str(FOLDER / "no.db"), "--out", "x"], 2, "no such store"),
            ([str(empty), "--out", str(FOLDER / "x")], 2, "no paper yet"),
            ([str(STORE)], 3, "--out"),
            (["--out", "x"], 3, "which store"),
            ([str(STORE), "--out", "x", "--tier", "slow"], 3, "slow"),
            ([str(STORE), "--out", str(blocked)], 2, "file"),
            ([str(STORE), "--out", "x", "--plugins", "/none"], 2, "no such folder"),
            (["--help"], 0, ""),
        ):
            with self.subTest(line):
                done = run_report(*line)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn(said, done.stderr)
                self.assertNotIn("Traceback", done.stderr)


class Words(unittest.TestCase):
    def test_numbers(self) -> None:
        for value, text in (
            (0.00123456, "0.001235"),
            (1e-7, "10⁻⁷"),
            (-2.5e-9, "−2.5·10⁻⁹"),
            (None, "–"),
            (math.nan, "–"),
            (-math.inf, "−∞"),
            (0, "0"),
            (12, "12"),
        ):
            self.assertEqual(words.number(value), text)

    def test_text_with_columns(self) -> None:
        self.assertEqual(str(words.signs("mu_s <= x_k - <b>")), "mu_s ≤ x_k − &lt;b&gt;")
        self.assertEqual((words.count(35280), words.count(60), words.label("diam^2")), ("35\u202f280", "60", "diam²"))

    def test_ticks(self) -> None:
        for value, text in (
            (1e-3, "10⁻³"),
            (1.0, "10⁰"),
            (1000.0, "10³"),
            (-10.0, "−10¹"),
            (0.0, "0"),
            (0.02, "0.02"),
            (1e-14, "10⁻¹⁴"),
        ):
            self.assertEqual(words.power(value), text)

    def test_times(self) -> None:
        for value, text in ((1.3e-6, "1.3 µs"), (0.25, "250 ms"), (61, "61 s"), (600, "10 min"), (0, "0 s")):
            self.assertEqual(words.seconds(value), text)

    def test_formulas_are_escaped_and_set(self) -> None:
        self.assertEqual(
            str(words.formula("f(x_k) <= <b> k^{-1} n_grad x_{k+1} ||g||^2 / lambda_k beta_max")),
            "f(x<sub>k</sub>) ≤ &lt;b&gt; k<sup>-1</sup> n_grad x<sub>k+1</sub> ‖g‖<sup>2</sup> / λ<sub>k</sub> β<sub>max</sub>",
        )

    def test_origins(self) -> None:
        self.assertEqual([words.origin(v) for v in ("paper", "CC_FROM_PILOT", None, 0)], ["the paper", "pilot seeds", "", ""])


if __name__ == "__main__":
    unittest.main()
