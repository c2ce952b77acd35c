#!/usr/bin/python3
"""Reading the store, statistics over seeds, every kind of figure, SVG for pages and files."""

from __future__ import annotations

import csv
import math
import re
import shutil
import sqlite3
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np

REPORTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPORTS), str(REPORTS / "test")]

import make_store

from claimcheck_report import figures, plots, site, style
from claimcheck_report.store import POINT, AbsentError, Definition, ReportError, Store, Table, parse_point, unique

FOLDER = Path(tempfile.mkdtemp(prefix="claimcheck-figures-"))
STORE = FOLDER / "store.db"


def setUpModule() -> None:
    make_store.make(STORE, FOLDER / "figures")


def tearDownModule() -> None:
    shutil.rmtree(FOLDER)


class Reading(unittest.TestCase):
    def setUp(self) -> None:
        self.store = Store(STORE)

    def tearDown(self) -> None:
        self.store.close()

    def test_rows_of_an_experiment(self) -> None:
        table = self.store.experiment_table("descent", "curve", 1)
        steps = len(np.unique(np.round(np.geomspace(1, 1000, 40))))
        self.assertEqual(len(table), 6 * 20 * steps)
        self.assertEqual(unique(table["arm"]), ["halved", "plain", "averaged"])
        self.assertEqual(unique(table["n"]), [10, 100])
        self.assertTrue(np.all(table["ns"] == table["step"] * 900))
        self.assertTrue(table.is_text("outcome"))

    def test_derived_columns_belong_to_their_user(self) -> None:
        plain = self.store.experiment_table("descent", "curve", 1)
        self.assertNotIn("bound", plain)
        judged = self.store.experiment_table("descent", "curve", 1, "claim:rate")
        np.testing.assert_array_equal(judged["bound"], 3.0 / judged["step"])

    def test_the_cell_in_error_has_no_rows_but_is_known(self) -> None:
        bad = [m for m in self.store.members("descent", "curve", 1) if m.status == "error"]
        self.assertEqual([(m.point, m.cause) for m in bad], [("n=1000", "SIGSEGV")])

    def test_attachments(self) -> None:
        table = self.store.experiment_table("partition", "cuts", 1, attachments=True)
        (points,) = table.arrays("polygons", "balanced")
        self.assertEqual(points.array.shape, (32 * 4, 2))
        self.assertEqual(table.where("arm!=balanced").arrays("polygons", "balanced"), [])

    def test_where(self) -> None:
        table = Table({"arm": np.array(["a", "b", "c"], object), "k": np.array([1.0, 2.0, math.nan])})
        for text, kept in (
            ("arm=a,c", [0, 2]),
            ("arm!=a", [1, 2]),
            ("k>=2", [1]),
            ("k<2 arm=a", [0]),
            ("k=1,2", [0, 1]),
            ("", [0, 1, 2]),
            ("k!=1", [1, 2]),
        ):
            with self.subTest(text):
                self.assertEqual(table.where(text)["arm"].tolist(), [table["arm"][i] for i in kept])
        for text, words in (
            ("k", "not a condition"),
            ("q=1", "no column `q`"),
            ("k>x", "not a number"),
            ("arm<b", "compares numbers"),
        ):
            with self.subTest(text), self.assertRaisesRegex(ReportError, words):
                table.where(text)

    def test_groups(self) -> None:
        table = Table(
            {"arm": np.array(["b", "a", "b", "a"], object), "n": np.array([2.0, 1.0, 1.0, math.nan]), "v": np.arange(4.0)}
        )
        self.assertEqual([(k, p["v"].tolist()) for k, p in table.groups("arm")], [("b", [0, 2]), ("a", [1, 3])])
        self.assertEqual([(k, p["v"].tolist()) for k, p in table.groups("n")], [(1.0, [1, 2]), (2.0, [0]), (None, [3])])
        self.assertEqual([k for k, _ in table.groups("arm", "n")], [("b", 1.0), ("b", 2.0), ("a", 1.0), ("a", None)])

    def test_point(self) -> None:
        self.assertEqual(
            parse_point("mu=0.5 problem=smooth.lse(n=3 m=2) x="), {"mu": "0.5", "problem": "smooth.lse(n=3 m=2)", "x": ""}
        )

    def test_tier_with_most_judged_claims(self) -> None:
        self.assertEqual(self.store.tier_of("descent"), 1)
        self.assertEqual(self.store.tier_of("nobody"), 1)

    def test_damage_is_named(self) -> None:
        broken = FOLDER / "broken.db"
        shutil.copy(STORE, broken)
        with sqlite3.connect(broken) as db:
            db.execute("UPDATE cell_column SET data = x'0001020304' WHERE name = 'gap'")
        db.close()
        with self.assertRaisesRegex(ReportError, "column gap: a damaged column"):
            Store(broken).experiment_table("descent", "curve", 1)

    def test_not_a_store(self) -> None:
        text = FOLDER / "text.db"
        text.write_text("hello, I am not a database, and long enough to be looked at" * 20, encoding="utf-8")
        empty = FOLDER / "empty.db"
        sqlite3.connect(empty).close()
        for path, words in ((text, "not a result store"), (empty, "not a result store"), (FOLDER / "absent.db", "no such store")):
            with self.subTest(path.name), self.assertRaisesRegex(ReportError, words):
                Store(path)

    def test_the_store_is_never_written(self) -> None:
        with self.assertRaises(sqlite3.OperationalError):
            self.store.db.execute("DELETE FROM cell")

    def test_a_store_in_use_and_one_in_a_folder_that_may_not_be_written(self) -> None:
        folder = FOLDER / "wal"
        folder.mkdir()
        shutil.copy(STORE, folder / "s.db")
        writer = sqlite3.connect(folder / "s.db")
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("UPDATE meta SET value = '2' WHERE key = 'schema'")
        writer.commit()
        self.assertEqual(Store(folder / "s.db").meta()["schema"], "2")
        writer.close()
        folder.chmod(0o555)
        self.addCleanup(folder.chmod, 0o755)
        self.assertEqual(Store(folder / "s.db").meta()["schema"], "2")


class Statistics(unittest.TestCase):
    def test_median_and_quartiles_at_equal_x(self) -> None:
        table = Table({"seed": np.repeat(np.arange(5.0), 2), "k": np.tile([1.0, 2.0], 5), "y": np.arange(10.0)})
        s = figures.summarise(table, "k", "y")
        np.testing.assert_allclose([s.x, s.median, s.low, s.high], [[1, 2], [4, 5], [2, 3], [6, 7]])

    def test_runs_with_their_own_checkpoints_are_interpolated_and_never_extended(self) -> None:
        x = np.concatenate([np.arange(1.0, 11), np.arange(1.5, 11.5), np.arange(1.25, 6.25)])
        table = Table({"seed": np.repeat([0.0, 1.0, 2.0], [10, 10, 5]), "k": x, "y": 2 * x})
        s = figures.summarise(table, "k", "y")
        np.testing.assert_allclose(s.median, 2 * s.x)
        self.assertTrue(np.all(s.count >= 2))
        self.assertEqual((s.x[0], s.x[-1]), (1.25, 10.0))

    def test_infinite_values_have_quartiles(self) -> None:
        table = Table({"seed": np.arange(4.0), "k": np.ones(4), "y": np.array([1, 2, math.inf, math.inf])})
        s = figures.summarise(table, "k", "y")
        self.assertEqual(s.high[0], math.inf)

    def test_ecdf_counts_what_was_not_reached(self) -> None:
        table = Table({"v": np.array([3.0, 1.0, math.nan, 2.0]), "reached": np.array([1.0, 1, 1, 0])})
        x, share = figures.ecdf(table, "v")
        self.assertEqual((x.tolist(), share.tolist()), ([1, 3], [0.25, 0.5]))

    def test_performance_ratio(self) -> None:
        table = Table(
            {
                "arm": np.array(["a", "b", "a", "b"], object),
                POINT: np.array(["p=1"] * 2 + ["p=2"] * 2, object),
                "p": np.array([1.0, 1, 2, 2]),
                "seed": np.zeros(4),
                "c": np.array([2.0, 6, 10, 5]),
            }
        )
        np.testing.assert_array_equal(figures.performance_ratio(table, "c", ["arm"]), [1, 3, 2, 1])

    def test_options(self) -> None:
        self.assertEqual(figures.parse_options("xscale=log xlabel='oracle calls'"), {"xscale": "log", "xlabel": "oracle calls"})
        for wrong in ("xscal=log", "log", "xlabel='open"):
            with self.subTest(wrong), self.assertRaises(ReportError):
                figures.parse_options(wrong)
        self.assertEqual(figures.limits("1e-8,"), (1e-8, None))
        self.assertEqual(figures.numbers("1,-.5"), [1.0, -0.5])

    def test_csv_reads_back_exactly(self) -> None:
        values = np.array([0.1, 1 / 3, 1e300, -5.0, math.nan, math.inf])
        text, cut = figures.to_csv(Table({"v": values, "t": np.array(["a", "b", '"', "c", "d,e", "f"], object)}), ["v", "t"])
        rows = list(csv.reader(text.splitlines()))
        self.assertFalse(cut)
        np.testing.assert_array_equal([float(r[0]) for r in rows[1:]], values)
        self.assertEqual([r[1] for r in rows[1:]], ["a", "b", '"', "c", "d,e", "f"])


class Kinds(unittest.TestCase):
    """Each kind draws what it should, seen in the axes' artists."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.store = Store(STORE)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.store.close()

    def load(self, owner: str, ident: str, **more: object) -> figures.Figure:
        found = self.store.definition("figure", owner, ident)
        assert found
        return figures.load(self.store, Definition(owner, "figure", ident, {**found.body, **more}), 1)

    def draw(self, owner: str, ident: str, **more: object):
        with style.context():
            fig = plots.draw(self.load(owner, ident, **more))
            self.addCleanup(style.plt.close, fig)
            fig.draw_without_rendering()
        return fig

    def test_curve(self) -> None:
        ax = self.draw("descent", "fig1").axes[0]
        table = self.store.experiment_table("descent", "curve", 1).where("n=100 arm=halved step=1000")
        drawn = ax.lines[0]
        self.assertAlmostEqual(drawn.get_ydata()[-1], float(np.median(table["gap"])))
        self.assertEqual((ax.get_xscale(), ax.get_yscale(), ax.get_xlabel()), ("log", "log", "step k"))
        self.assertEqual(len(ax.collections), 3)  # a band an arm
        self.assertEqual([t.get_text() for t in ax.figure.legends[0].get_texts()], ["halved", "plain", "averaged", "slope −1"])

    def test_a_band_can_be_left_out_and_single_runs_drawn(self) -> None:
        self.assertEqual(len(self.draw("descent", "fig1", options="band=none").axes[0].collections), 0)
        ax = self.draw("descent", "fig1", options="runs=1").axes[0]
        self.assertEqual(len(ax.lines), 3 + 3 * 20)

    def test_panels_share_axes_and_units_label_them(self) -> None:
        first, second = self.draw("descent", "fig2").axes
        self.assertEqual([first.get_title("left"), second.get_title("left")], ["n = 10", "n = 100"])
        self.assertEqual(first.get_xlim(), second.get_xlim())
        self.assertEqual(first.get_xlabel(), "n_grad [calls]")

    def test_box(self) -> None:
        ax = self.draw("descent", "fig3").axes[0]
        self.assertEqual(len(ax.patches), 6)
        self.assertEqual([t.get_text() for t in ax.get_xticklabels()], ["10", "100"])

    def test_bar(self) -> None:
        ax = self.draw("descent", "fig6").axes[0]
        table = self.store.experiment_table("descent", "curve", 1).where("n=10 arm=plain step=1000")
        self.assertAlmostEqual(ax.patches[0].get_height(), float(np.median(table["gap"])))
        self.assertEqual([t.get_text() for t in ax.figure.legends[0].get_texts()], ["constant step", "halved step", "averaged"])

    def test_ecdf_and_profile(self) -> None:
        ax = self.draw("runtime", "fig1").axes[0]
        self.assertEqual(
            max(ax.lines[0].get_ydata()),
            np.mean(self.store.experiment_table("runtime", "targets", 1).where("arm=quick")["reached"]),
        )
        ax = self.draw("descent", "profile").axes[0]
        self.assertEqual(min(ax.lines[0].get_xdata()), 1)
        self.assertEqual(ax.get_xlabel(), "gap / best")

    def test_table(self) -> None:
        head, rows = figures.table_cells(self.load("descent", "fig4"))
        self.assertEqual(head, ["n", "halved", "plain", "averaged"])
        self.assertEqual([r[0] for r in rows], ["10", "100"])
        self.assertRegex(rows[0][1], r"^0\.00\d+ \[0\.00\d+, 0\.00\d+\]$")

    def test_heat_of_a_grid(self) -> None:
        fig = self.draw("partition", "cost")
        mesh = fig.axes[0].collections[0]
        self.assertEqual(mesh.get_array().size, 4 * 5)
        self.assertEqual([t.get_text() for t in fig.axes[0].get_xticklabels()], ["10", "20", "40", "80", "160"])
        self.assertEqual(fig.axes[1].get_ylabel(), "oracle calls")

    def test_heat_by_gives_panels_on_one_scale(self) -> None:
        fig = self.draw("descent", "fig1", kind="heat", where="step=1000", x="n", y="step gap", by="arm", options="")
        self.assertEqual(len(fig.axes), 4)
        self.assertEqual(
            {ax.collections[0].norm.vmax for ax in fig.axes[:3]},
            {float(self.load("descent", "fig1", where="step=1000").data["gap"].max())},
        )

    def test_heat_of_a_matrix(self) -> None:
        image = self.draw("partition", "landscape").axes[0].images[0]
        self.assertEqual(image.get_array().shape, (30, 40))
        self.assertEqual(list(image.get_extent()), [-2, 2, -1.5, 1.5])

    def test_path(self) -> None:
        ax = self.draw("partition", "walks").axes[0]
        self.assertEqual(len(ax.lines), 2 * 2 * 3)  # arms, seeds; path, start, end
        np.testing.assert_allclose(ax.lines[0].get_xydata(), make_store.descent_path(0, 0.15))

    def test_path_of_columns(self) -> None:
        ax = self.draw("partition", "walks", x="u", y="v", options="").axes[0]
        np.testing.assert_allclose(ax.lines[0].get_xydata(), make_store.descent_path(0, 0.15))

    def test_scatter(self) -> None:
        ax = self.draw("partition", "points").axes[0]
        self.assertEqual([len(c.get_offsets()) for c in ax.collections], [60, 60])

    def test_drawing(self) -> None:
        fig = self.draw("partition", "boxes")
        self.assertEqual([ax.get_title("left") for ax in fig.axes[:2]], ["balanced", "longest side"])
        self.assertEqual([len(ax.collections[0].get_paths()) for ax in fig.axes[:2]], [32, 64])

    def test_custom(self) -> None:
        module = figures.custom_module(FOLDER / "figures" / "28_partition.py")
        with style.context():
            fig = plots.custom(self.load("partition", "own"), module)
        self.addCleanup(style.plt.close, fig)
        self.assertEqual(len(fig.axes[0].lines), 3)
        self.assertEqual(fig.axes[0].lines[2].get_ydata()[0], 1)

    def test_files_of_custom_figures(self) -> None:
        for name in ("03_gns.py", "gns.py", "03_gns/figures.py"):
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / name
                path.parent.mkdir(exist_ok=True)
                path.write_text("def draw(figure, data, fig): pass\n", encoding="utf-8")
                self.assertEqual(figures.custom_file(Path(folder), "gns"), path)
                self.assertIsNone(figures.custom_file(Path(folder), "ns"))

    def test_wrong_declarations_are_named(self) -> None:
        for more, words in (
            ({"y": "loss"}, "no column `loss`; there are: arm"),
            ({"kind": "pie"}, "kind `pie` is not one of"),
            ({"y": None}, "needs y"),
            ({"x": None}, "needs x"),
            ({"options": "colour=red"}, "option `colour=red`"),
            ({"experiment": "none"}, "there is no experiment `none`"),
            ({"options": "panels=step"}, "at most 12"),
            ({"where": "n>"}, "not a number"),
            ({"kind": "drawing"}, "no attachment `polygons`"),
        ):
            with self.subTest(words), self.assertRaisesRegex(ReportError, re.escape(words)):
                self.draw("descent", "fig1", **more)

    def test_what_is_absent_is_no_error(self) -> None:
        found = self.store.definition("figure", "descent", "fig1")
        assert found
        with self.assertRaisesRegex(AbsentError, "not part of the extended tier"):
            figures.load(self.store, found, 2)

    def test_groups_and_columns_in_the_legend(self) -> None:
        fig = self.draw("descent", "fig1", y="gap bound", derive=[{"name": "bound"}])
        self.assertEqual(
            [t.get_text() for t in fig.legends[0].get_texts()], ["halved", "plain", "averaged", "gap", "bound", "slope −1"]
        )

    def test_derived_columns_that_are_not_there_yet(self) -> None:
        with self.assertRaisesRegex(ReportError, "derived columns .limit. are not in the store"):
            self.load("descent", "fig1", derive=[{"name": "limit"}])

    def test_evidence_by_group(self) -> None:
        parts = [
            make_store.series(f"problem=bowls.lse n={n}, {name}", [1, 10, 1000], [1, 0.1, 1e-3])
            for n in (4, 8)
            for name in ("gap", "limit")
        ]
        with style.context():
            fig = plots.evidence(make_store.result("bound", "verified", series=parts))
        assert fig
        self.addCleanup(style.plt.close, fig)
        self.assertEqual([t.get_text() for t in fig.legends[0].get_texts()], ["n=4", "n=8", "gap", "limit"])
        self.assertEqual([line.get_color() for line in fig.axes[0].lines], [style.color(0)] * 2 + [style.color(1)] * 2)
        self.assertEqual((fig.axes[0].get_xscale(), fig.axes[0].get_yscale()), ("log", "log"))

    def test_values_equal_up_to_rounding_are_a_level_line(self) -> None:
        shown = make_store.series("y", [1, 2, 3], [17.5, 17.5 * (1 + 1e-15), 17.5])
        with style.context():
            fig = plots.evidence(make_store.result("exponent", "verified", log_x=True, log_y=True, series=[shown]))
        assert fig
        self.addCleanup(style.plt.close, fig)
        low, high = fig.axes[0].get_ylim()
        self.assertTrue(low < 16 and high > 19)
        fig.draw_without_rendering()
        self.assertGreaterEqual(len([t for t in fig.axes[0].get_yticklabels() if t.get_text()]), 3)

    def test_evidence(self) -> None:
        shown = make_store.result(
            "bound",
            "verified",
            x_label="k",
            y_label="gap",
            log_x=True,
            log_y=True,
            series=[
                make_store.series("gap", [1, 2, 4], [1, 0.5, math.inf], [0.9, 0.4, 0.2], [1.1, 0.6, 0.3]),
                make_store.series("bound", [1, 4], [2, 0.5]),
            ],
        )
        with style.context():
            fig = plots.evidence(shown)
            assert fig
            self.addCleanup(style.plt.close, fig)
            svg = style.to_svg(fig, "t")
        self.assertEqual(fig.axes[0].get_xscale(), "log")
        self.assertIn("bound", svg)
        self.assertIsNone(plots.evidence(make_store.result("bound", "verified")))


class Svg(unittest.TestCase):
    def svg(self) -> str:
        with style.context():
            fig = style.figure()
            ax = fig.add_subplot()
            ax.plot([0, 1], [0, 1], color=style.color(0), label="a < b & c")
            ax.legend()
            return style.to_svg(fig, "a < b")

    def test_the_same_picture_is_the_same_text(self) -> None:
        self.assertEqual(self.svg(), self.svg())

    def test_in_a_page_colours_follow_the_theme_and_ids_are_its_own(self) -> None:
        page = style.for_page(self.svg(), "fig", 'say "x" & <y>')
        ET.fromstring(page.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
        self.assertIn("var(--plot-1)", page)
        self.assertIn("var(--plot-ink)", page)
        for colour in style.VARIABLES:
            self.assertNotIn(colour, page)
        ids = re.findall(r'\bid="([^"]+)"', page)
        self.assertTrue(ids and all(i.startswith("fig-") for i in ids))
        for target in re.findall(r'(?:url\(|href=")#([^")]+)', page):
            self.assertIn(target, ids)
        self.assertNotRegex(page, r'width="[\d.]+pt"')

    def test_a_file_stands_alone(self) -> None:
        text = style.for_file(self.svg())
        root = ET.fromstring(text.split("?>\n", 1)[1])
        self.assertTrue(root.tag.endswith("svg"))
        self.assertNotIn("var(", text)
        self.assertEqual(style.from_file(text), self.svg())

    def test_every_colour_of_a_plot_has_two_tones(self) -> None:
        css = (REPORTS / "claimcheck_report" / "static" / "style.css").read_text(encoding="utf-8")
        for variable in style.VARIABLES.values():
            self.assertEqual(len(re.findall(rf"{variable}: #", css)), 3, variable)  # light, dark by the system, dark by the button

    def test_contrast_of_words_and_lines_in_both_themes(self) -> None:
        css = (REPORTS / "claimcheck_report" / "static" / "style.css").read_text(encoding="utf-8")
        light, dark = (
            dict(re.findall(r"(--[\w-]+): (#\w{6})", part))
            for part in (css.split("@media")[0], css.split('[data-theme="dark"] {')[1].split("}")[0])
        )
        for theme in (light, dark):
            words = ["--ink", "--soft", "--link", *[f"--{v}" for v in site.VERDICTS + site.OTHERS]]
            for name in words:
                self.assertGreaterEqual(contrast(theme[name], theme["--card"]), 4.5, name)
                self.assertGreaterEqual(contrast(theme[name], theme["--paper"]), 4.5, name)
            for name in ["--plot-muted", *[f"--plot-{i}" for i in range(1, 9)]]:
                self.assertGreaterEqual(contrast(theme[name], theme["--card"]), 3, name)


def contrast(a: str, b: str) -> float:
    """WCAG's ratio."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


if __name__ == "__main__":
    unittest.main()
