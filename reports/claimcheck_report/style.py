"""How plots look: one palette for light and dark, matplotlib's settings, SVG for a page and for a file.

matplotlib draws with the light colours. In a page each of them becomes a CSS variable with the light colour as its fallback, so the
theme recolours a plot without a second copy; a file keeps the light colours on white paper."""

from __future__ import annotations

import io
import re

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

INK, MUTED, GRID, FACE, PAPER = "#1f2328", "#6a6f76", "#dfe1e4", "#fefefd", "#fffffe"
# Okabe-Ito, darkened where it needs contrast on white; order chosen so that the first three differ most for every kind of sight.
SERIES = ("#0068a8", "#c24d00", "#00805f", "#a8498a", "#8a6d00", "#3a8fc7", "#55585c", "#7a4fb5")
DASHES = ("-", (0, (5, 1.8)), (0, (1.4, 1.4)), (0, (6, 1.6, 1.4, 1.6)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<")
VARIABLES = {
    INK: "--plot-ink",
    MUTED: "--plot-muted",
    GRID: "--plot-grid",
    FACE: "--plot-face",
    PAPER: "--plot-paper",
    **{c: f"--plot-{i + 1}" for i, c in enumerate(SERIES)},
}
# Middle tones only: legible on white and on black paper.
CMAP = LinearSegmentedColormap.from_list("claimcheck", ["#2b2f77", "#3b6fb0", "#3fa7a0", "#8cc46a", "#f1d44a"])
WIDTH, HEIGHT = 4.7, 3.1

RC = {
    "svg.fonttype": "none",
    "svg.hashsalt": "claimcheck",
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "axes.facecolor": "none",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.labelsize": 10,
    "legend.fontsize": 9,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.grid": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "xtick.major.width": 0.8,
    "ytick.major.width": 0.8,
    "xtick.minor.width": 0.5,
    "ytick.minor.width": 0.5,
    "lines.linewidth": 1.7,
    "lines.markersize": 4.5,
    "legend.frameon": False,
    "legend.handlelength": 1.9,
    "legend.borderaxespad": 0.3,
    "figure.constrained_layout.use": True,
    "axes.formatter.use_mathtext": True,
    "axes.formatter.limits": (-4, 5),
    "image.cmap": "viridis",
    "path.simplify": True,
    "axes.prop_cycle": matplotlib.cycler(color=SERIES),
}


def context():
    """matplotlib's settings for the plots of a report."""
    return matplotlib.rc_context(RC)


def figure(width: float = WIDTH, height: float = HEIGHT) -> Figure:
    return plt.figure(figsize=(width, height))


def color(i: int) -> str:
    return SERIES[i % len(SERIES)]


def to_svg(fig: Figure, title: str) -> str:
    """The picture as an SVG element, the same bytes for the same picture."""
    out = io.StringIO()
    fig.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Title": title})
    plt.close(fig)
    text = out.getvalue()
    text = text[text.index("<svg") :]
    # Nobody refers to these, and each adds to a page that holds dozens of plots.
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.S)
    text = re.sub(
        r'<g id="(?:figure|axes|patch|line2d|text|xtick|ytick|matplotlib\.axis|legend|PathCollection|LineCollection|'
        r'FillBetweenPolyCollection|PolyCollection|QuadMesh)_\d+">',
        "<g>",
        text,
    )
    text = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>\s*", "", text, flags=re.S)
    text = text.replace("'DejaVu Sans'", "'DejaVu Sans', Verdana, sans-serif")
    return re.sub(r' d="[^"]*"', lambda m: re.sub(r"(\d\.\d\d)\d+", r"\1", m.group()), text)


PAPER_HEAD, PAPER_RECT = '<?xml version="1.0" encoding="utf-8"?>\n', '<rect width="100%" height="100%" fill="#ffffff"/>'


def for_file(svg: str) -> str:
    """A file of its own: the light colours on white paper."""
    head, rest = svg.split(">", 1)
    return f"{PAPER_HEAD}{head}>{PAPER_RECT}{rest}"


def from_file(text: str) -> str:
    """The plot in a file that for_file made."""
    return text.removeprefix(PAPER_HEAD).replace(PAPER_RECT, "", 1)


def for_page(svg: str, slug: str, label: str) -> str:
    """Inside a page: colours from the theme, ids of its own, a size that follows its box, a name for those who do not see it."""
    head, rest = svg.split(">", 1)
    width = float(re.findall(r'width="([\d.]+)pt"', head)[0])
    broad = " broad" if width > 1.1 * 72 * WIDTH else ""
    head = re.sub(r' (?:width|height)="[\d.]+pt"', "", head)
    head = re.sub(r' xmlns(?::\w+)?="[^"]*"| version="[^"]*"', "", head)
    rest = re.sub(r"<title>.*?</title>", "", rest, count=1, flags=re.S)
    rest = re.sub(r'\bid="([^"]+)"', rf'id="{slug}-\1"', rest)
    rest = re.sub(r'(url\(|href=")#', rf"\1#{slug}-", rest).replace("xlink:href", "href")
    rest = re.sub("|".join(VARIABLES), lambda m: f"var({VARIABLES[m.group()]})", rest)
    return f'{head} role="img" aria-label="{_attribute(label)}" class="plot{broad}" style="--w:{width:.0f}px">{rest}'


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
