#!/usr/bin/python3
"""The site in headless Chromium, opened as files: no console error, search, sort, filter, themes, a phone, the keyboard."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

REPORTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPORTS / "test"))

import make_store

BROWSER, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
PAGES = (
    "index.html",
    "trust.html",
    "environment.html",
    "benchmarks.html",
    "paper/descent.html",
    "paper/partition.html",
    "paper/runtime.html",
)
FOLDER = Path(tempfile.mkdtemp(prefix="claimcheck-browser-"))
OUT = FOLDER / "site"

# Boxes of words that lie over each other, within one plot and among the blocks of a page. A tenth of the smaller box is let pass.
OVERLAPS = r"""
const found = [];
for (const d of document.querySelectorAll("details")) d.open = true;
const boxes = (root, selector) => [...root.querySelectorAll(selector)].filter((e) => e.checkVisibility())
  .map((e) => [e, e.getBoundingClientRect()]).filter(([, b]) => b.width > 1 && b.height > 1);
const name = (e) => e.textContent.trim().slice(0, 40);
const compare = (list) => {
  for (let i = 0; i < list.length; i++) for (let j = i + 1; j < list.length; j++) {
    const [e, a] = list[i], [f, b] = list[j];
    if (e.contains(f) || f.contains(e)) continue;
    const w = Math.min(a.right, b.right) - Math.max(a.left, b.left), h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (w > 1 && h > 1 && w * h > .1 * Math.min(a.width * a.height, b.width * b.height)) found.push(name(e) + " / " + name(f));
  }
};
for (const plot of document.querySelectorAll("svg.plot")) compare(boxes(plot, "text"));
for (const card of document.querySelectorAll("article.claim, header.bar, .hero, .tiles, table")) {
  compare(boxes(card, "p, h1, h2, dt, dd, .chip, a, button, td > code, summary"));
}
return found;
"""
NAMELESS = """
return [...document.querySelectorAll("a, button, input, [role=img], [role=region], svg.plot")].filter((e) =>
  !(e.textContent.trim() && e.tagName !== "svg") && !e.getAttribute("aria-label") && !e.labels?.length
  && !e.getAttribute("aria-labelledby")
).map((e) => e.outerHTML.slice(0, 80));
"""


def setUpModule() -> None:
    make_store.make(FOLDER / "store.db", FOLDER / "figures")
    command = [
        sys.executable,
        str(REPORTS / "report.py"),
        str(FOLDER / "store.db"),
        "--out",
        str(OUT),
        "--plugins",
        str(FOLDER / "figures"),
        "--quiet",
    ]
    subprocess.run(command, check=False, capture_output=True, timeout=300)


def tearDownModule() -> None:
    shutil.rmtree(FOLDER)


@unittest.skipUnless(Path(BROWSER).exists() and Path(DRIVER).exists(), "needs chromium and chromedriver")
class Browser(unittest.TestCase):
    driver: webdriver.Chrome

    @classmethod
    def setUpClass(cls) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = BROWSER
        for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--user-data-dir={FOLDER / 'profile'}"):
            options.add_argument(word)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        cls.driver = webdriver.Chrome(service=Service(DRIVER), options=options)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.driver.quit()

    def setUp(self) -> None:
        self.view(1280, 900)

    def view(self, width: int, height: int, dark: bool = False) -> None:
        phone = width < 500
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone}
        )
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def open(self, page: str) -> None:
        self.driver.get((OUT / page.split("?")[0].split("#")[0]).as_uri() + "".join(re.findall(r"[?#].*", page)))

    def all(self, css: str) -> list:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def one(self, css: str):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def shown(self, css: str) -> list[str]:
        return [e.text for e in self.all(css) if e.is_displayed()]

    def column(self, table: str, n: int) -> list[str]:
        return self.shown(f"table.{table} tbody td:nth-child({n})")

    def background(self) -> str:
        return self.one("body").value_of_css_property("background-color")

    def test_no_console_error_and_every_image_loads(self) -> None:
        for page in PAGES:
            with self.subTest(page):
                self.open(page)
                self.assertEqual([e["message"] for e in self.driver.get_log("browser") if e["level"] in ("SEVERE", "WARNING")], [])
                broken = "return [...document.images].filter((i) => !i.complete || !i.naturalWidth).map((i) => i.src)"
                self.assertEqual(self.driver.execute_script(broken), [])

    def test_no_page_is_wider_than_its_window(self) -> None:
        for width in (390, 820, 1280):
            self.view(width, 844)
            for page in PAGES:
                with self.subTest(f"{page} at {width}"):
                    self.open(page)
                    self.assertLessEqual(self.driver.execute_script("return document.documentElement.scrollWidth"), width)

    def test_no_words_lie_over_each_other(self) -> None:
        for width in (390, 1280):
            self.view(width, 844)
            for page in PAGES:
                with self.subTest(f"{page} at {width}"):
                    self.open(page)
                    self.assertEqual(self.driver.execute_script(OVERLAPS), [])

    def test_search(self) -> None:
        self.open("index.html")
        search = self.one("#search")
        search.send_keys("theorem dimension")
        self.assertEqual(self.column("claims", 1), ["descent.dimension_free"])
        self.assertEqual(len(self.column("papers", 1)), 1)
        self.assertEqual(self.one("#found").text, "1 of 12 claims")
        self.assertIn("q=theorem", self.driver.current_url)
        search.send_keys(" nowhere")
        self.assertEqual(self.column("claims", 1), [])
        self.assertTrue(self.one("#nothing").is_displayed())
        self.one("#nothing button").click()
        self.assertEqual(len(self.column("claims", 1)), 12)

    def test_filter_by_verdict(self) -> None:
        self.open("index.html")
        self.one('[data-filter="refuted"]').click()
        self.assertEqual(self.column("claims", 1), ["descent.dimension_free"])
        self.one('[data-filter="vacuous"]').click()
        self.assertEqual(self.column("claims", 1), ["descent.dimension_free", "descent.any_start"])
        self.assertEqual(self.one('[data-filter="vacuous"]').get_attribute("aria-pressed"), "true")
        self.one("#clear").click()
        self.assertEqual(len(self.column("claims", 1)), 12)

    def test_a_filtered_view_has_a_link(self) -> None:
        self.open("index.html?q=descent&verdict=verified")
        self.assertEqual(self.column("claims", 1), ["descent.rate", "descent.beats_plain"])

    def test_sort(self) -> None:
        self.open("index.html")
        names = self.column("claims", 1)
        heads = self.all("table.claims th button")
        heads[0].click()
        self.assertEqual(self.column("claims", 1), sorted(names))
        heads[0].click()
        self.assertEqual(self.column("claims", 1), sorted(names, reverse=True))
        for _ in range(2):  # an empty cell is last, up and down
            heads[2].click()
            values = [float(t.split()[0].replace("−", "-").replace("3·10⁻⁵", "3e-5")) for t in self.column("claims", 4) if t]
            falling = self.all("table.claims th")[3].get_attribute("aria-sort") == "descending"
            self.assertEqual(values, sorted(values, reverse=falling))
            self.assertEqual(self.column("claims", 4)[-1], "")

    def test_sort_by_keyboard(self) -> None:
        self.open("environment.html")
        button = self.all("table.sortable th button")[3]
        button.send_keys(Keys.ENTER)
        cells = [int(t) for t in self.shown("table.sortable td:nth-child(4)")]
        self.assertEqual(cells, sorted(cells))

    def test_dark_by_the_system_and_by_the_button(self) -> None:
        self.open("paper/descent.html")
        self.driver.execute_script("localStorage.clear()")
        self.open("paper/descent.html")
        light, line = self.background(), self.plot_colour()
        self.view(1280, 900, dark=True)
        dark = self.background()
        self.assertNotEqual(light, dark)
        self.assertNotEqual(line, self.plot_colour())
        self.one("#theme").click()
        self.assertEqual(self.background(), light)
        self.open("paper/descent.html")
        self.assertEqual(self.background(), light, "the choice is kept")
        self.view(1280, 900)
        self.one("#theme").click()
        self.assertEqual(self.background(), dark)
        self.driver.execute_script("localStorage.clear()")

    def plot_colour(self) -> str:
        return self.driver.execute_script(
            "return getComputedStyle(document.querySelector('svg.plot path[style*=\"--plot-1\"]')).stroke"
        )

    def test_plots_are_legible_in_the_dark(self) -> None:
        self.view(1280, 900, dark=True)
        self.open("paper/descent.html")
        fills = self.driver.execute_script(
            "return [...document.querySelectorAll('svg.plot text')].map((t) => getComputedStyle(t).fill)"
        )
        self.assertGreater(len(fills), 50)
        for fill in set(fills):
            self.assertGreater(min(int(v) for v in re.findall(r"\d+", fill)[:3]), 140, fill)

    def test_a_permalink_shows_its_claim(self) -> None:
        self.open("paper/descent.html#success")
        top = self.driver.execute_script("return document.getElementById('success').getBoundingClientRect().top")
        self.assertTrue(0 <= top < 450, top)

    def test_the_command_can_be_copied(self) -> None:
        self.open("paper/descent.html")
        button = self.one("#rate button.copy")
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
        button.click()
        WebDriverWait(self.driver, 10, 0.05).until(lambda _: button.text in ("copied", "selected"))

    def test_everything_that_acts_has_a_name_and_takes_the_keyboard(self) -> None:
        for page in PAGES:
            with self.subTest(page):
                self.open(page)
                self.assertEqual(self.driver.execute_script(NAMELESS), [])
        self.open("index.html")
        self.one("body").send_keys(Keys.TAB)
        self.assertEqual(self.driver.switch_to.active_element.text, "Skip to the content")


if __name__ == "__main__":
    unittest.main()
